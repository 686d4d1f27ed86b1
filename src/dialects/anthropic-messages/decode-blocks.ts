// The content of a message, a string or a list of blocks → neutral parts: of requests and of answers.

import type {
  CacheControl,
  Citation,
  FilePart,
  ImagePart,
  MediaSource,
  Part,
  TextPart,
} from '../../conversation/part.ts';
import { readSignature } from '../../conversation/signature.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';

const DIALECT = 'anthropic-messages';

export function decodeBlocks(content: JsonValue | undefined): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objectsOf(content).map(decodeBlock);
}

function decodeBlock(block: JsonObject): Part {
  const cache = decodeCache(block['cache_control']);
  const cached = cache === undefined ? {} : { cache };
  switch (block['type']) {
    case 'text': {
      const citations = objectsOf(block['citations']).map(decodeCitation);
      return {
        type: 'text',
        text: stringOf(block['text']) ?? '',
        ...(citations.length > 0 ? { citations } : {}),
        ...cached,
      };
    }
    case 'image':
      return { type: 'image', source: decodeSource(objectOf(block['source'])), ...cached };
    case 'document':
      return {
        type: 'file',
        source: decodeSource(objectOf(block['source'])),
        ...present({
          name: stringOf(block['title']),
          context: stringOf(block['context']),
          citations: objectOf(block['citations'])['enabled'] === true ? true : undefined,
        }),
        ...cached,
      };
    case 'tool_use':
      return {
        type: 'tool-call',
        id: stringOf(block['id']) ?? '',
        name: stringOf(block['name']) ?? '',
        arguments: JSON.stringify(objectOf(block['input'])),
        ...cached,
      };
    case 'tool_result':
      return {
        type: 'tool-result',
        toolCallId: stringOf(block['tool_use_id']) ?? '',
        content: decodeBlocks(block['content']).filter(
          (part): part is TextPart | ImagePart | FilePart =>
            part.type === 'text' || part.type === 'image' || part.type === 'file',
        ),
        isError: block['is_error'] === true,
        ...cached,
      };
    case 'thinking': {
      const proof = stringOf(block['signature']);
      const signature =
        proof === undefined || proof === '' ? {} : { signature: readSignature(proof, DIALECT) };
      return { type: 'reasoning', text: stringOf(block['thinking']) ?? '', ...signature };
    }
    case 'redacted_thinking':
      return {
        type: 'reasoning',
        text: '',
        redacted: true,
        signature: readSignature(stringOf(block['data']) ?? '', DIALECT),
      };
    default:
      return { type: 'vendor', dialect: DIALECT, name: stringOf(block['type']) ?? 'unknown', value: block };
  }
}

function decodeSource(source: JsonObject): MediaSource {
  const mediaType = stringOf(source['media_type']) ?? 'application/octet-stream';
  const data = stringOf(source['data']) ?? '';
  switch (source['type']) {
    case 'url':
      return { type: 'url', url: stringOf(source['url']) ?? '' };
    case 'text':
      return { type: 'text', mediaType, text: data };
    case 'content':
      return {
        type: 'text',
        mediaType: 'text/plain',
        text: objectsOf(source['content'])
          .map(({ text }) => stringOf(text) ?? '')
          .join('\n'),
      };
    case 'file':
      return { type: 'file-id', dialect: DIALECT, id: stringOf(source['file_id']) ?? '' };
    default:
      return { type: 'base64', mediaType, data };
  }
}

export function decodeCitation(citation: JsonObject): Citation {
  return present({
    url: stringOf(citation['url']),
    title: stringOf(citation['title']) ?? stringOf(citation['document_title']),
    citedText: stringOf(citation['cited_text']),
    start: numberOf(citation['start_char_index']),
    end: numberOf(citation['end_char_index']),
  });
}

export function decodeCache(value: JsonValue | undefined): CacheControl | undefined {
  if (!isObject(value)) return undefined;
  return value['ttl'] === '1h' || value['ttl'] === '5m' ? { ttl: value['ttl'] } : {};
}
