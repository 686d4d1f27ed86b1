// Images, documents and search results → neutral parts.
// https://platform.claude.com/docs/en/build-with-claude/vision, …/pdf-support, …/citations, …/search-results

import type { FilePart, ImagePart, MediaSource } from '../../conversation/part.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { booleanOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { DIALECT, keep, keepRest } from './keep-rest.ts';

const IMAGE = new Set('type source cache_control'.split(' '));
const DOCUMENT = new Set('type source title context citations cache_control'.split(' '));

/** Undefined for a source that is not known here. */
export function decodeImage(block: JsonObject): ImagePart | undefined {
  const source = decodeSource(objectOf(block['source']));
  return source === undefined ? undefined : { type: 'image', source, ...keepRest(block, IMAGE) };
}

/** Undefined for a source that is not known here, or that holds images. */
export function decodeDocument(block: JsonObject): FilePart | undefined {
  const wire = objectOf(block['source']);
  const rest = restOf(block, DOCUMENT);
  const known = {
    ...present({
      name: stringOf(block['title']),
      context: stringOf(block['context']),
      citations: booleanOf(objectOf(block['citations'])['enabled']),
    }),
  };
  if (wire['type'] !== 'content') {
    const source = decodeSource(wire);
    return source === undefined ? undefined : { type: 'file', source, ...known, ...keep(rest) };
  }
  // Its pieces are what citations name: the text alone does not tell them.
  const text = joined(wire['content']);
  if (text === undefined) return undefined;
  return { type: 'file', source: plain(text), ...known, ...keep({ ...rest, source: wire }) };
}

/** To others a document of its title; the whole block is kept, as one member under its own name. */
export function decodeSearchResult(block: JsonObject): FilePart {
  const title = stringOf(block['title']);
  const source = stringOf(block['source']);
  const text = joined(block['content']) ?? '';
  return {
    type: 'file',
    source: plain(text),
    ...present({
      name: title,
      context: source,
      citations: booleanOf(objectOf(block['citations'])['enabled']),
    }),
    ...keep({ search_result: block }),
  };
}

function plain(text: string): MediaSource {
  return { type: 'text', mediaType: 'text/plain', text };
}

/** Undefined where there is more than text. */
function joined(content: JsonValue | undefined): string | undefined {
  if (typeof content === 'string') return content;
  const blocks = objectsOf(content);
  if (blocks.some(({ type }) => type !== 'text')) return undefined;
  return blocks.map(({ text }) => stringOf(text) ?? '').join('\n');
}

function decodeSource(source: JsonObject): MediaSource | undefined {
  const mediaType = stringOf(source['media_type']) ?? 'application/octet-stream';
  const data = stringOf(source['data']) ?? '';
  switch (source['type']) {
    case 'url':
      return { type: 'url', url: stringOf(source['url']) ?? '' };
    case 'text':
      return { type: 'text', mediaType, text: data };
    case 'base64':
      return { type: 'base64', mediaType, data };
    case 'file':
      return { type: 'file-id', dialect: DIALECT, id: stringOf(source['file_id']) ?? '' };
    default:
      return undefined;
  }
}
