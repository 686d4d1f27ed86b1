// Neutral parts → content of input items: https://platform.openai.com/docs/api-reference/responses/create

import { GatewayError } from '../../contract/gateway-error.ts';
import type { CacheControl, FilePart, ImagePart, MediaSource, Part } from '../../conversation/part.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { writeDataUrl } from '../data-url.ts';
import { DIALECT, ownMembers } from './keep-rest.ts';

/**
 * What users and applications say. One plain text is a string.
 * @throws GatewayError for what cannot be said
 */
export function encodeContent(parts: readonly Part[], param: string, warnings: Warning[]): JsonValue {
  const content = parts.map((part, index) => encodePart(part, `${param}[${index}]`, warnings));
  const only = content.length === 1 ? content[0] : undefined;
  return only?.['type'] === 'input_text' && Object.keys(only).length === 2 ? (only['text'] ?? '') : content;
}

function encodePart(part: Part, param: string, warnings: Warning[]): JsonObject {
  if (part.type === 'vendor') throw cannotSay(`${part.name} block`, param);
  warnForeign(part, param, warnings);
  const own = ownMembers(part.vendor);
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { type: 'input_text', text: part.text, ...own };
    case 'image':
      return { type: 'input_image', ...encodeImage(part, param), ...own };
    case 'file':
      return { type: 'input_file', ...encodeFile(part, param, warnings), ...own };
    case 'audio':
      return {
        type: 'input_audio',
        input_audio: { data: part.data, format: audioFormat(part.mediaType, param) },
        ...own,
      };
    default:
      throw cannotSay(part.type, param);
  }
}

function encodeImage({ source, detail }: ImagePart, param: string): JsonObject {
  const shown = { detail: detail ?? 'auto' };
  switch (source.type) {
    case 'url':
      return { image_url: source.url, ...shown };
    case 'base64':
      return { image_url: writeDataUrl(source), ...shown };
    case 'file-id':
      return { file_id: fileId(source, 'image', param), ...shown };
    case 'text':
      throw cannotSay('image written as text', param);
  }
}

function encodeFile(
  { source, name, context, citations }: FilePart,
  param: string,
  warnings: Warning[],
): JsonObject {
  if (context !== undefined) warnings.push(unknown(`${param}.context`));
  if (citations === true) warnings.push(unknown(`${param}.citations`));
  switch (source.type) {
    case 'url':
      return { file_url: source.url, ...present({ filename: name }) };
    case 'base64':
      return { filename: name ?? fileName(source.mediaType), file_data: writeDataUrl(source) };
    case 'text': {
      const { mediaType, text } = source;
      const data = Buffer.from(text).toString('base64');
      return { filename: name ?? fileName(mediaType), file_data: writeDataUrl({ mediaType, data }) };
    }
    case 'file-id':
      return { file_id: fileId(source, 'document', param), ...present({ filename: name }) };
  }
}

/** The vendor tells the kind of a file by its name. */
function fileName(mediaType: string): string {
  const kind = mediaType === 'text/plain' ? 'txt' : mediaType.slice(mediaType.lastIndexOf('/') + 1);
  return `document.${kind}`;
}

function fileId(source: MediaSource & { readonly type: 'file-id' }, kind: string, param: string): string {
  if (source.dialect === DIALECT || source.dialect === 'openai-chat') return source.id;
  throw cannotSay(`${kind} that was uploaded elsewhere`, param);
}

function audioFormat(mediaType: string, param: string): string {
  switch (mediaType) {
    case 'audio/mpeg':
    case 'audio/mp3':
      return 'mp3';
    case 'audio/wav':
    case 'audio/x-wav':
      return 'wav';
    default:
      throw cannotSay(`piece of ${mediaType}`, param);
  }
}

export function warnForeign(
  part: Exclude<Part, { type: 'vendor' }>,
  param: string,
  warnings: Warning[],
): void {
  if (part.vendor?.dialect !== DIALECT) warnCache(part.cache, warnings);
  for (const name of foreignMembers(part.vendor, DIALECT)) warnings.push(unknown(`${param}.${name}`));
}

/** Breakpoints of the cache are not sent: the vendor caches by itself, and few servers of this dialect know them. */
export function warnCache(cache: CacheControl | undefined, warnings: Warning[]): void {
  const param = 'cache_control';
  if (cache === undefined || warnings.some((warning) => warning.param === param)) return;
  warnings.push({ param, message: `left out: ${DIALECT} caches by itself` });
}

export const unknown = (param: string): Warning => ({ param, message: `not known to ${DIALECT}` });

export function cannotSay(what: string, param: string): GatewayError {
  return new GatewayError(
    'invalid-request',
    `'${param}' is a ${what}, which ${DIALECT} cannot be told`,
    param,
  );
}
