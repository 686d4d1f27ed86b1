// The content of a Chat message, a string or a list of parts → neutral parts.

import { GatewayError } from '../../contract/gateway-error.ts';
import type { CacheControl, MediaSource, Part } from '../../conversation/part.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf, stringOf } from '../../json/read-value.ts';
import { readDataUrl } from '../data-url.ts';
import { keepOthers } from './keep-others.ts';

const DIALECT = 'openai-chat';
const KNOWN = new Set(
  'type text refusal image_url input_audio file cache_control prompt_cache_breakpoint'.split(' '),
);

/** @throws GatewayError for a kind of part that cannot be translated */
export function decodeParts(content: JsonValue | undefined, param: string): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objectsOf(content).map((part, index) => {
    const cache = decodeCache(part);
    const cached = cache === undefined ? {} : { cache };
    return { ...decodePart(part, `${param}[${index}]`), ...cached, ...keepOthers(part, KNOWN) };
  });
}

function decodePart(part: JsonObject, param: string): Exclude<Part, { type: 'vendor' }> {
  switch (part['type']) {
    case 'text':
      return { type: 'text', text: stringOf(part['text']) ?? '' };
    case 'refusal':
      return { type: 'refusal', text: stringOf(part['refusal']) ?? '' };
    case 'image_url': {
      const { url, detail } = objectOf(part['image_url']);
      const source = sourceOf(stringOf(url) ?? stringOf(part['image_url']), `${param}.image_url`);
      if (detail === 'low' || detail === 'high' || detail === 'auto')
        return { type: 'image', source, detail };
      // `original` is finer than `high`, which is the finest that others know.
      return detail === 'original' ? { type: 'image', source, detail: 'high' } : { type: 'image', source };
    }
    case 'input_audio': {
      const { data, format } = objectOf(part['input_audio']);
      const kind = stringOf(format) ?? 'wav';
      const mediaType = kind === 'mp3' ? 'audio/mpeg' : `audio/${kind}`;
      return { type: 'audio', data: stringOf(data) ?? '', mediaType };
    }
    case 'file': {
      const { file_id: id, file_data: data, filename } = objectOf(part['file']);
      const source: MediaSource =
        typeof id === 'string'
          ? { type: 'file-id', dialect: DIALECT, id }
          : sourceOf(stringOf(data), `${param}.file`);
      return { type: 'file', source, ...(typeof filename === 'string' ? { name: filename } : {}) };
    }
    default: {
      const kind = stringOf(part['type']) ?? 'unknown';
      throw new GatewayError(
        'invalid-request',
        `'${param}' is a part of type ${JSON.stringify(kind.slice(0, 50))}, which cannot be translated`,
        param,
      );
    }
  }
}

function sourceOf(url: string | undefined, param: string): MediaSource {
  if (url === undefined || url === '') {
    throw new GatewayError('invalid-request', `'${param}' has neither a URL nor data`, param);
  }
  if (!url.startsWith('data:')) return { type: 'url', url };
  const data = readDataUrl(url);
  if (data !== undefined) return { type: 'base64', ...data };
  throw new GatewayError('invalid-request', `'${param}' holds a data URL that is not base64`, param);
}

/**
 * A prompt-cache breakpoint, on a part, a tool or a request: `cache_control` as OpenRouter and others take it from
 * Anthropic, or OpenAI's own `prompt_cache_breakpoint`, whose lifetimes (`30m`, `12h`) are nearest to an hour.
 */
export function decodeCache(wire: JsonObject): CacheControl | undefined {
  const control = wire['cache_control'];
  if (isObject(control)) {
    const ttl = control['ttl'];
    return ttl === '5m' || ttl === '1h' ? { ttl } : {};
  }
  const breakpoint = wire['prompt_cache_breakpoint'];
  if (!isObject(breakpoint)) return undefined;
  return breakpoint['ttl'] === undefined ? {} : { ttl: '1h' };
}
