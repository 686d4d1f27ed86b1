// Loads the labelled sets of a data directory and draws tasks from them. Called by evaluate-routing.ts. The sets are
// not part of the repository; one that is missing is left out.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Route } from '../../src/contract/route.ts';
import { drawTasks, type LabelledPrompt, sample, seededRandom, type TaskSet } from './routing-task.ts';

export interface SetOptions {
  readonly directory: string;
  readonly count: number;
  readonly seed: number;
}

/** Every set that the directory holds. */
export function loadPublicSets(options: SetOptions): TaskSet[] {
  const loaders: readonly (readonly [file: string, load: (options: SetOptions) => TaskSet[]])[] = [
    ['clinc150.json', clincSets],
    ['banking77.csv', bankingSets],
  ];
  return loaders.flatMap(([file, load]) => (existsSync(join(options.directory, file)) ? load(options) : []));
}

function clincSets({ directory, count, seed }: SetOptions): TaskSet[] {
  const file: Readonly<Record<string, readonly (readonly [text: string, intent: string])[]>> = JSON.parse(
    readFileSync(join(directory, 'clinc150.json'), 'utf8'),
  );
  const examplesOf = Map.groupBy(file['train'] ?? [], ([, intent]) => intent);
  const prompts = (file['val'] ?? []).map(([text, intent]) => asked(text, intent));
  const intents = [...examplesOf.keys()];
  const draw = (examples: number): TaskSet['tasks'] => {
    // A stream of its own, so that both draws ask the same prompts of the same intents.
    const random = seededRandom(seed + 1);
    return drawTasks({
      prompts,
      intents,
      overlaps: () => false,
      count,
      random: seededRandom(seed),
      routeOf: (intent) => {
        const utterances = sample(random, examplesOf.get(intent) ?? [], examples).map(([text]) => text);
        return asRoute(intent, utterances);
      },
    });
  };
  return [
    { title: 'CLINC150 val', tasks: draw(0) },
    { title: 'CLINC150 val, 3 examples', tasks: draw(3) },
  ];
}

function bankingSets({ directory, count, seed }: SetOptions): TaskSet[] {
  const lines = readFileSync(join(directory, 'banking77.csv'), 'utf8').trim().split('\n').slice(1);
  const prompts = lines.map((line) => {
    const comma = line.lastIndexOf(',');
    const text = line.slice(0, comma).replace(/^"|"$/g, '').replaceAll('""', '"');
    return asked(text, line.slice(comma + 1).trim());
  });
  const intents = [...new Set(prompts.map((prompt) => prompt.intent))];
  const tasks = drawTasks({
    prompts,
    intents,
    overlaps: () => false,
    count,
    random: seededRandom(seed),
    routeOf: (intent) => asRoute(intent, []),
  });
  return [{ title: 'BANKING77', tasks }];
}

function asked(text: string, intent: string): LabelledPrompt {
  return { turns: [{ role: 'user', text }], intent };
}

function asRoute(intent: string, examples: readonly string[]): Route {
  return { name: intent, description: `User asks about ${intent.replaceAll('_', ' ')}`, examples };
}
