// Content of messages and tool results → neutral parts: https://platform.openai.com/docs/api-reference/responses/create

import type {
  AudioPart,
  Citation,
  FilePart,
  ImagePart,
  RefusalPart,
  TextPart,
} from '../../conversation/part.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { numberOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { invalid } from '../check-fields.ts';
import { readDataUrl } from '../data-url.ts';
import { DIALECT, keepRest } from './keep-rest.ts';

export type ContentPart = TextPart | ImagePart | FilePart | AudioPart | RefusalPart;

const TEXT = new Set(['type', 'text', 'annotations', 'logprobs']);
const REFUSAL = new Set(['type', 'refusal']);
const IMAGE = new Set(['type', 'image_url', 'file_id', 'detail']);
const FILE = new Set(['type', 'file_url', 'file_id', 'file_data', 'filename']);
const AUDIO = new Set(['type', 'input_audio']);
const URL_CITATION = new Set(['type', 'url', 'title', 'start_index', 'end_index']);

/**
 * @returns undefined where a part is of a type that only the vendor knows
 * @throws GatewayError that names the field
 */
export function decodeContent(content: JsonValue | undefined, param: string): ContentPart[] | undefined {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalid(param, 'a string or an array of content parts', content);
  const parts: ContentPart[] = [];
  for (let index = 0; index < content.length; index += 1) {
    const wire = content[index];
    if (!isObject(wire)) throw invalid(`${param}[${index}]`, 'an object', wire);
    const part = decodePart(wire, `${param}[${index}]`);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

function decodePart(wire: JsonObject, param: string): ContentPart | undefined {
  switch (wire['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: textAt(wire, 'text', param), ...citationsOf(wire), ...extras(wire, TEXT) };
    case 'refusal':
      return { type: 'refusal', text: textAt(wire, 'refusal', param), ...extras(wire, REFUSAL) };
    case 'input_image':
      return decodeImage(wire, param);
    case 'input_file':
      return decodeFile(wire, param);
    case 'input_audio': {
      const audio = wire['input_audio'];
      if (!isObject(audio)) throw invalid(`${param}.input_audio`, 'an object', audio);
      const data = textAt(audio, 'data', `${param}.input_audio`);
      const format = textAt(audio, 'format', `${param}.input_audio`);
      const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${format}`;
      return { type: 'audio', data, mediaType, ...extras(wire, AUDIO) };
    }
    default:
      return undefined;
  }
}

function decodeImage(wire: JsonObject, param: string): ImagePart {
  const url = stringOf(wire['image_url']);
  const id = stringOf(wire['file_id']);
  if (url === undefined && id === undefined)
    throw invalid(`${param}.image_url`, 'a string', wire['image_url']);
  const detail = wire['detail'];
  const known = detail === 'auto' || detail === 'low' || detail === 'high' ? detail : undefined;
  return {
    type: 'image',
    source: url === undefined ? { type: 'file-id', dialect: DIALECT, id: id ?? '' } : sourceOf(url),
    ...present({ detail: known }),
    ...extras(wire, known === undefined ? new Set([...IMAGE].filter((name) => name !== 'detail')) : IMAGE),
  };
}

function decodeFile(wire: JsonObject, param: string): FilePart {
  const url = stringOf(wire['file_url']);
  const data = stringOf(wire['file_data']);
  const id = stringOf(wire['file_id']);
  const name = stringOf(wire['filename']);
  const source =
    url !== undefined
      ? ({ type: 'url', url } as const)
      : data !== undefined
        ? // Plain base64 is taken too: https://platform.openai.com/docs/guides/pdf-files
          ({ type: 'base64', ...(readDataUrl(data) ?? { mediaType: 'application/pdf', data }) } as const)
        : id !== undefined
          ? ({ type: 'file-id', dialect: DIALECT, id } as const)
          : undefined;
  if (source === undefined) throw invalid(`${param}.file_data`, 'a string', wire['file_data']);
  return { type: 'file', source, ...present({ name }), ...extras(wire, FILE) };
}

function sourceOf(url: string): ImagePart['source'] {
  const found = readDataUrl(url);
  return found === undefined ? { type: 'url', url } : { type: 'base64', ...found };
}

/** A breakpoint of the prompt cache is known to others too; its details are not. */
function extras(wire: JsonObject, known: ReadonlySet<string>): Pick<TextPart, 'cache' | 'vendor'> {
  return { ...(wire['prompt_cache_breakpoint'] == null ? {} : { cache: {} }), ...keepRest(wire, known) };
}

function textAt(wire: JsonObject, name: string, param: string): string {
  const text = wire[name];
  if (typeof text !== 'string') throw invalid(`${param}.${name}`, 'a string', text);
  return text;
}

function citationsOf(wire: JsonObject): Pick<TextPart, 'citations'> {
  const annotations = objectsOf(wire['annotations']);
  return annotations.length === 0 ? {} : { citations: annotations.map(decodeAnnotation) };
}

/** Links are neutral; citations of uploaded files mean something to their vendor only. */
export function decodeAnnotation(annotation: JsonObject): Citation {
  if (annotation['type'] !== 'url_citation') {
    const title = stringOf(annotation['filename']);
    return { ...present({ title }), vendor: { dialect: DIALECT, members: annotation } };
  }
  return {
    ...present({
      url: stringOf(annotation['url']),
      title: stringOf(annotation['title']),
      start: numberOf(annotation['start_index']),
      end: numberOf(annotation['end_index']),
    }),
    ...keepRest(annotation, URL_CITATION),
  };
}
