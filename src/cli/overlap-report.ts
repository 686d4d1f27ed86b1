// Routes of a configuration that overlap, as plain text for `pointsman check`. Prompts to show it with come from the
// training data of the embedded model, which is our own.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { findOverlaps, type Overlap } from '../evaluate/find-overlaps.ts';
import { type LoadedRouter, loadEmbedded, MODEL_DIRECTORY } from './decider.ts';

/** Longer prompts are hard to read in a warning, and conversations are no prompts. */
const LONGEST_PROMPT = 120;

/** Empty where nothing overlaps, or where no router reads the descriptions. */
export async function describeOverlaps({ policy, routing }: GatewayConfig): Promise<string> {
  if (policy === undefined || policy.routes.length < 2 || routing.engine === 'none') return '';
  let loaded: LoadedRouter;
  try {
    loaded = await loadEmbedded(routing);
  } catch (error) {
    // The file is as valid without it.
    return `Routes were not compared: ${error instanceof Error ? error.message : String(error)}\n`;
  }
  const { router } = loaded;
  const { encoder } = loaded.model;
  const overlaps = await findOverlaps(policy.routes, { encoder, router, prompts: await readPrompts() });
  await encoder.close();
  if (overlaps.length === 0) return '';
  return ['Routes that overlap', ...overlaps.flatMap(linesOf)].map((line) => `${line}\n`).join('');
}

function linesOf({ first, second, similarity, between }: Overlap): string[] {
  const head = `  ${first} and ${second}: their descriptions say much the same (similarity ${similarity.toFixed(2)})`;
  if (between === undefined) return [head];
  const { prompt, firstProbability, secondProbability } = between;
  const shares = `${first} ${firstProbability.toFixed(2)}, ${second} ${secondProbability.toFixed(2)}`;
  return [head, `    between them falls: ${prompt.replaceAll(/\s+/g, ' ')} (${shares})`];
}

/** Of the tables under model/data/prompts: route, tab, prompt. Empty where they are not installed. */
async function readPrompts(): Promise<readonly string[]> {
  const folder = path.join(MODEL_DIRECTORY, 'data', 'prompts');
  const files = await readdir(folder).catch(() => []);
  const prompts: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.tsv')).sort()) {
    for (const line of (await readFile(path.join(folder, file), 'utf8')).split('\n')) {
      const prompt = line.split('\t')[1];
      const isPlain = prompt !== undefined && prompt.length <= LONGEST_PROMPT && !/ \|\| |\\n/.test(prompt);
      if (isPlain) prompts.push(prompt);
    }
  }
  return prompts;
}
