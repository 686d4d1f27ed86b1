// The parts of Gemini's contents → neutral parts, for requests and answers alike: https://ai.google.dev/api/caching#Part
//
// A signature on a part that is no thought and no call becomes a reasoning part without text behind it, which every dialect
// can carry; `encode-parts.ts` puts it back where it was.

import type { FilePart, ImagePart, MediaSource, Part, TextPart } from '../../conversation/part.ts';
import type { Signature } from '../../conversation/signature.ts';
import { restOf, type VendorMembers } from '../../conversation/vendor-members.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { objectOf, present, stringOf } from '../../json/read-value.ts';
import type { CallIds } from './call-ids.ts';
import { camelMembers, listOf } from './camel-members.ts';
import { mediaTypeOfUrl } from './media-types.ts';
import { readThoughtSignature } from './thought-signature.ts';

const DIALECT = 'gemini';
const PART = new Set([
  'text',
  'thought',
  'thoughtSignature',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
]);
const BLOB = new Set(['mimeType', 'data']);
const FILE = new Set(['mimeType', 'fileUri']);
const CALL = new Set(['id', 'name', 'args']);
const RESPONSE = new Set(['id', 'name', 'response', 'parts']);

/** None for an empty text; two where a signature stands beside the content. */
export function decodePart(wire: JsonObject, ids: CallIds): Part[] {
  const part = camelMembers(wire);
  const value = stringOf(part['thoughtSignature']);
  const carried = value === undefined || value === '' ? undefined : readThoughtSignature(value);
  const signature = carried?.signature;
  const text = stringOf(part['text']);
  const vendor = vendorOf(restOf(part, PART));
  if (text !== undefined) {
    if (part['thought'] === true) {
      return [{ type: 'reasoning', text, ...present({ signature, redacted: carried?.redacted, vendor }) }];
    }
    const shown: Part[] = text === '' ? [] : [{ type: 'text', text, ...present({ vendor }) }];
    return signed(shown, signature);
  }
  if (part['functionCall'] !== undefined) return [decodeCall(part, ids, signature)];
  if (part['functionResponse'] !== undefined) return [decodeResponse(part, ids)];
  if (part['inlineData'] !== undefined || part['fileData'] !== undefined) {
    return signed([decodeMedia(part, restOf(part, PART))], signature);
  }
  const [name] = Object.keys(restOf(part, PART) ?? {});
  if (name === undefined) return signed([], signature);
  return [{ type: 'vendor', dialect: DIALECT, name, value: wire }];
}

function signed(parts: Part[], signature: Signature | undefined): Part[] {
  return signature === undefined ? parts : [...parts, { type: 'reasoning', text: '', signature }];
}

function vendorOf(members: JsonObject | undefined): VendorMembers | undefined {
  return members === undefined ? undefined : { dialect: DIALECT, members };
}

function under(name: string, members: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(members ?? {}).map(([key, value]) => [`${name}.${key}`, value]));
}

function joined(...all: (JsonObject | undefined)[]): VendorMembers | undefined {
  const members = Object.assign({}, ...all) as JsonObject;
  return Object.keys(members).length === 0 ? undefined : { dialect: DIALECT, members };
}

/** Images, sound and files; the media type tells which. */
function decodeMedia(part: JsonObject, rest: JsonObject | undefined): Part {
  const blob = camelMembers(part['inlineData']);
  const file = camelMembers(part['fileData']);
  const data = stringOf(blob['data']);
  const mediaType = stringOf(blob['mimeType']) ?? stringOf(file['mimeType']) ?? '';
  if (data !== undefined) {
    const own = { ...present({ vendor: joined(under('inlineData', restOf(blob, BLOB)), rest) }) };
    if (mediaType.startsWith('audio/')) return { type: 'audio', data, mediaType, ...own };
    return { type: kindOf(mediaType), source: { type: 'base64', mediaType, data }, ...own };
  }
  const url = stringOf(file['fileUri']) ?? '';
  const said =
    mediaType !== '' && mediaType !== mediaTypeOfUrl(url) ? { 'fileData.mimeType': mediaType } : undefined;
  const vendor = joined(said, under('fileData', restOf(file, FILE)), rest);
  return { type: kindOf(mediaType), source: sourceOf(url), ...present({ vendor }) };
}

function kindOf(mediaType: string): 'image' | 'file' {
  return mediaType.startsWith('image/') ? 'image' : 'file';
}

/** What only Google can read is a file of its own: uploads, buckets, videos of YouTube. */
function sourceOf(uri: string): MediaSource {
  const isOwn = /^https?:\/\/(generativelanguage\.googleapis\.com|(www\.)?youtube\.com|youtu\.be)\//.test(
    uri,
  );
  return isOwn || !/^https?:\/\//.test(uri)
    ? { type: 'file-id', dialect: DIALECT, id: uri }
    : { type: 'url', url: uri };
}

function decodeCall(part: JsonObject, ids: CallIds, signature: Signature | undefined): Part {
  const call = camelMembers(part['functionCall']);
  const name = stringOf(call['name']) ?? '';
  const vendor = joined(under('functionCall', restOf(call, CALL)), restOf(part, PART));
  return {
    type: 'tool-call',
    id: ids.ofCall(name, stringOf(call['id'])),
    name,
    arguments: JSON.stringify(objectOf(call['args'])),
    ...present({ signature, vendor }),
  };
}

function decodeResponse(part: JsonObject, ids: CallIds): Part {
  const result = camelMembers(part['functionResponse']);
  const name = stringOf(result['name']) ?? '';
  const { text, isError } = readResponse(result['response']);
  const content: (TextPart | ImagePart | FilePart)[] = text === '' ? [] : [{ type: 'text', text }];
  for (const media of listOf(result['parts'])) {
    const found = decodeMedia(camelMembers(media), undefined);
    if (found.type === 'image' || found.type === 'file') content.push(found);
    else if (found.type === 'audio') content.push(asFile(found.mediaType, found.data));
  }
  const vendor = joined(under('functionResponse', restOf(result, RESPONSE)), restOf(part, PART));
  return {
    type: 'tool-result',
    toolCallId: ids.ofResult(name, stringOf(result['id'])),
    ...(name === '' ? {} : { toolName: name }),
    content,
    isError,
    ...present({ vendor }),
  };
}

function asFile(mediaType: string, data: string): FilePart {
  return { type: 'file', source: { type: 'base64', mediaType, data } };
}

/** `output` and `error` are Google's names for the two; any other object is the output as a whole. */
function readResponse(response: JsonValue | undefined): { text: string; isError: boolean } {
  const object = objectOf(response);
  const [name, ...others] = Object.keys(object);
  if (name === undefined) return { text: '', isError: false };
  const isOnly = others.length === 0 && (name === 'output' || name === 'error');
  const value = isOnly ? object[name] : object;
  return {
    text: typeof value === 'string' ? value : JSON.stringify(value),
    isError: isOnly && name === 'error',
  };
}
