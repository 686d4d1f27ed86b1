// Neutral images, documents and sounds → the blocks that hold them: bytes as base64, or an object in S3. Bedrock fetches no
// other URL. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html

import type { AudioPart, FilePart, ImagePart, MediaSource } from '../../conversation/part.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { cannotSay } from './cannot-say.ts';

const IMAGES = formats('image/png png image/jpeg jpeg image/jpg jpeg image/gif gif image/webp webp');
const DOCUMENTS = formats(
  'application/pdf pdf text/csv csv application/msword doc text/html html text/plain txt text/markdown md ' +
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document docx application/vnd.ms-excel xls ' +
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx',
);
const SOUNDS = formats(
  'audio/wav wav audio/x-wav wav audio/mpeg mp3 audio/mp3 mp3 audio/flac flac audio/ogg ogg audio/aac aac ' +
    'audio/opus opus audio/webm webm audio/mp4 mp4 audio/m4a m4a audio/x-m4a m4a audio/pcm pcm audio/l16 pcm',
);

function formats(pairs: string): ReadonlyMap<string, string> {
  const words = pairs.split(' ');
  return new Map(words.flatMap((type, index) => (index % 2 === 0 ? [[type, words[index + 1] ?? '']] : [])));
}

export function encodeImage({ source }: ImagePart, param: string): JsonObject {
  const format = formatOf(source, undefined, IMAGES);
  const image = { source: encodeSource(source, 'image', param) };
  if (format === undefined) throw cannotSay(`an image of the kind ${kindOf(source)}`, param);
  return { image: { format, ...image } };
}

/** @param name as Bedrock wants it: see DocumentNames */
export function encodeDocument(file: FilePart, name: string, param: string): JsonObject {
  const { source, context, citations } = file;
  const format = formatOf(source, file.name, DOCUMENTS);
  const encoded = encodeSource(source, 'document', param);
  if (format === undefined) throw cannotSay(`a document of the kind ${kindOf(source)}`, param);
  const more = present({ context, citations: citations === true ? { enabled: true } : undefined });
  return { document: { format, name, source: encoded, ...more } };
}

export function encodeAudio({ data, mediaType }: AudioPart, param: string): JsonObject {
  const format = SOUNDS.get(typeOf(mediaType));
  if (format === undefined) throw cannotSay(`audio of the kind ${typeOf(mediaType)}`, param);
  return { audio: { format, source: { bytes: data } } };
}

function encodeSource(source: MediaSource, kind: string, param: string): JsonObject {
  switch (source.type) {
    case 'base64':
      return { bytes: source.data };
    case 'text':
      return { bytes: Buffer.from(source.text).toString('base64') };
    case 'url':
      if (source.url.startsWith('s3://')) return { s3Location: { uri: source.url } };
      throw cannotSay(`the URL of this ${kind}, since it fetches none: send its bytes as base64`, param);
    case 'file-id':
      throw cannotSay(`a file that was uploaded elsewhere`, param);
  }
}

/** By the media type, else by how the name or the URL ends. */
function formatOf(
  source: MediaSource,
  name: string | undefined,
  known: ReadonlyMap<string, string>,
): string | undefined {
  const byType = 'mediaType' in source ? known.get(typeOf(source.mediaType)) : undefined;
  if (byType !== undefined) return byType;
  const ending = /\.(\w+)$/.exec(source.type === 'url' ? source.url : (name ?? ''))?.[1]?.toLowerCase();
  return [...known.values()].find((format) => format === (ending === 'jpg' ? 'jpeg' : ending));
}

function kindOf(source: MediaSource): string {
  return 'mediaType' in source ? typeOf(source.mediaType) : 'that its name does not tell';
}

function typeOf(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/**
 * Names of documents: needed, each once in a request, of letters, digits, hyphens, brackets and single spaces. A name that is
 * made up says nothing: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
 */
export class DocumentNames {
  private readonly used = new Set<string>();

  next(written: string | undefined): string {
    const allowed = (written ?? '')
      .replaceAll(/[^A-Za-z0-9\s()[\]-]/g, '-')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 180);
    const base = allowed === '' ? 'document' : allowed;
    let name = base;
    for (let number = 2; this.used.has(name); number += 1) name = `${base} ${number}`;
    this.used.add(name);
    return name;
  }
}
