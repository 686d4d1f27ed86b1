// Grounding ↔ citations: https://ai.google.dev/api/generate-content#GroundingMetadata. Google counts a segment in bytes of
// UTF-8 from the start of its part, the neutral model in UTF-16 units.

import type { Citation } from '../../conversation/part.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { numberOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { camelMembers } from './camel-members.ts';

/**
 * The citations of one part's text.
 * @param partIndex of the part in the candidate's content; undefined takes the citations of all
 */
export function decodeCitations(
  grounding: JsonValue | undefined,
  text: string,
  partIndex: number | undefined,
): Citation[] {
  const { groundingChunks, groundingSupports } = camelMembers(grounding);
  const sources = objectsOf(groundingChunks).map(sourceOf);
  const citations: Citation[] = [];
  for (const wire of objectsOf(groundingSupports)) {
    const support = camelMembers(wire);
    const segment = camelMembers(support['segment']);
    if (partIndex !== undefined && (numberOf(segment['partIndex']) ?? 0) !== partIndex) continue;
    const start = unitsOf(text, numberOf(segment['startIndex']) ?? 0);
    const end = unitsOf(text, numberOf(segment['endIndex']) ?? 0);
    const indices = support['groundingChunkIndices'];
    for (const index of Array.isArray(indices) ? indices : []) {
      const source = sources[Number(index)];
      if (source !== undefined) citations.push({ ...source, start, end });
    }
  }
  return citations;
}

/** Pages of the web, documents of a store, places on a map: each has a `uri` and a `title`. */
function sourceOf(wire: JsonObject): Citation {
  const chunk = camelMembers(wire);
  const source = camelMembers(chunk['web'] ?? chunk['retrievedContext'] ?? chunk['maps']);
  return present({ url: stringOf(source['uri']), title: stringOf(source['title']) });
}

/** One part of text with its place in the content. */
export interface CitedText {
  readonly partIndex: number;
  readonly text: string;
  readonly citations: readonly Citation[];
}

/** Undefined where nothing is cited. A citation without a place is of the whole text. */
export function encodeCitations(texts: readonly CitedText[]): JsonObject | undefined {
  const chunks: JsonObject[] = [];
  const supports: JsonObject[] = [];
  for (const { partIndex, text, citations } of texts) {
    for (const { url, title, start = 0, end = text.length } of citations) {
      const cited = text.slice(start, end);
      const startIndex = Buffer.byteLength(text.slice(0, start));
      supports.push({
        segment: { partIndex, startIndex, endIndex: startIndex + Buffer.byteLength(cited), text: cited },
        groundingChunkIndices: [chunks.length],
      });
      chunks.push({ web: present({ uri: url, title }) });
    }
  }
  return chunks.length === 0 ? undefined : { groundingChunks: chunks, groundingSupports: supports };
}

function unitsOf(text: string, bytes: number): number {
  return Buffer.from(text).subarray(0, bytes).toString().length;
}
