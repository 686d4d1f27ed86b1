// The content of a Chat message, a string or a list of parts → neutral parts.

import { GatewayError } from '../../contract/gateway-error.ts';
import type { MediaSource, Part } from '../../conversation/part.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf, stringOf } from '../../json/read-value.ts';
import { readDataUrl } from '../data-url.ts';

/** @throws GatewayError for a kind of part that cannot be translated */
export function decodeParts(content: JsonValue | undefined, param: string): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objectsOf(content).map((part, index) => decodePart(part, `${param}[${index}]`));
}

function decodePart(part: JsonObject, param: string): Part {
  switch (part['type']) {
    case 'text':
      return { type: 'text', text: stringOf(part['text']) ?? '' };
    case 'refusal':
      return { type: 'refusal', text: stringOf(part['refusal']) ?? '' };
    case 'image_url': {
      const { url, detail } = objectOf(part['image_url']);
      const source = sourceOf(stringOf(url) ?? '', param);
      return detail === 'low' || detail === 'high' || detail === 'auto'
        ? { type: 'image', source, detail }
        : { type: 'image', source };
    }
    case 'input_audio': {
      const { data, format } = objectOf(part['input_audio']);
      return { type: 'audio', data: stringOf(data) ?? '', mediaType: `audio/${stringOf(format) ?? 'wav'}` };
    }
    case 'file': {
      const { file_id: id, file_data: data, filename } = objectOf(part['file']);
      const source: MediaSource =
        typeof id === 'string'
          ? { type: 'file-id', dialect: 'openai-chat', id }
          : sourceOf(stringOf(data) ?? '', param);
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

function sourceOf(url: string, param: string): MediaSource {
  if (!url.startsWith('data:')) return { type: 'url', url };
  const data = readDataUrl(url);
  if (data !== undefined) return { type: 'base64', ...data };
  throw new GatewayError('invalid-request', `'${param}' holds a data URL that is not base64`, param);
}
