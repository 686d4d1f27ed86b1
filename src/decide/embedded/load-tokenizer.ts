// Reads tokenizer.json into a function from text to WordPiece ids. Called by encoder.ts; the only place that knows the
// tokenizer library.

import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Tokenize } from './token-sequence.ts';

/** Rejects where the file is missing or is no tokenizer. Takes about 30 ms. */
export async function loadTokenizer(path: string): Promise<Tokenize> {
  const description: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (typeof description !== 'object' || description === null)
    throw new TypeError(`${path}: not a JSON object`);
  const tokenizer = new Tokenizer(description, {});
  return (text) => (text === '' ? [] : tokenizer.encode(text, { add_special_tokens: false }).ids);
}
