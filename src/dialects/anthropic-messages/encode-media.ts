// Neutral images and files → blocks of a request, in the forms that the vendor takes: four kinds of images, PDF and text.
// https://platform.claude.com/docs/en/build-with-claude/vision, …/pdf-support

import type { FilePart, ImagePart, MediaSource } from '../../conversation/part.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { cannotSay } from './cannot-say.ts';
import { DIALECT, ownMembers } from './keep-rest.ts';

const IMAGES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
/** Their bytes are text, whatever their name says. */
const TEXTS = /^(text\/.*|application\/(json|xml|yaml|x-yaml|javascript|x-ndjson|sql))$/;

/** @throws GatewayError for a kind of image that the vendor does not know */
export function encodeImage({ source, vendor }: ImagePart, param: string): JsonObject {
  return { type: 'image', source: encodeImageSource(source, param), ...ownMembers(vendor) };
}

function encodeImageSource(source: MediaSource, param: string): JsonObject {
  switch (source.type) {
    case 'base64': {
      const kind = source.mediaType.toLowerCase() === 'image/jpg' ? 'image/jpeg' : bare(source.mediaType);
      if (!IMAGES.includes(kind)) throw cannotSay(`image of the type ${kind}`, param);
      return { type: 'base64', media_type: kind, data: source.data };
    }
    case 'text':
      throw cannotSay(`image of the type ${bare(source.mediaType)}`, param);
    default:
      return encodeReference(source, 'image', param);
  }
}

/** @throws GatewayError for a kind of file that the vendor does not know */
export function encodeFile(part: FilePart, param: string): JsonObject {
  const { source, name, context, citations, vendor } = part;
  const own = ownMembers(vendor);
  if (isObject(own['search_result'])) return own['search_result'];
  return {
    type: 'document',
    source: encodeDocumentSource(source, param),
    ...present({
      title: name,
      context,
      citations: citations === undefined ? undefined : { enabled: citations },
    }),
    ...own,
  };
}

function encodeDocumentSource(source: MediaSource, param: string): JsonObject {
  switch (source.type) {
    case 'base64': {
      const kind = bare(source.mediaType);
      if (kind === 'application/pdf') return { type: 'base64', media_type: kind, data: source.data };
      if (!TEXTS.test(kind)) throw cannotSay(`file of the type ${kind}`, param);
      return plain(Buffer.from(source.data, 'base64').toString());
    }
    case 'text':
      return plain(source.text);
    default:
      return encodeReference(source, 'file', param);
  }
}

function plain(data: string): JsonObject {
  return { type: 'text', media_type: 'text/plain', data };
}

function encodeReference(
  source: Extract<MediaSource, { type: 'url' | 'file-id' }>,
  kind: string,
  param: string,
): JsonObject {
  if (source.type === 'url') return { type: 'url', url: source.url };
  if (source.dialect === DIALECT) return { type: 'file', file_id: source.id };
  throw cannotSay(`${kind} that was uploaded elsewhere`, param);
}

/** Without parameters: `text/plain; charset=utf-8`. */
function bare(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
}
