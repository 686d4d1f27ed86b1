// Loads the labelled sets of a data directory and draws tasks from them. Called by evaluate-routing.ts. The sets are
// not part of the repository; one that is missing is left out.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Route } from '../../src/contract/route.ts';
import {
  drawTasks,
  type LabelledPrompt,
  pick,
  type Random,
  sample,
  seededRandom,
  type TaskSet,
} from './routing-task.ts';

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
    ['prompts.tsv', developerSets],
  ];
  return loaders.flatMap(([file, load]) => (existsSync(join(options.directory, file)) ? load(options) : []));
}

function clincSets({ directory, count, seed }: SetOptions): TaskSet[] {
  const file: Readonly<Record<string, readonly (readonly [text: string, intent: string])[]>> = JSON.parse(
    readFileSync(join(directory, 'clinc150.json'), 'utf8'),
  );
  const examplesOf = Map.groupBy(file['train'] ?? [], ([, intent]) => intent);
  const prompts = (file['val'] ?? []).map(([text, intent]) => labelled(text, intent));
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
    return labelled(text, line.slice(comma + 1).trim());
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

/** Prompts of the routes that the encoder was never trained on. */
function developerSets({ directory, count, seed }: SetOptions): TaskSet[] {
  const read = (file: string): string[] =>
    readFileSync(join(directory, file), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  const unseen = new Set(read('dev_routes.txt').map((line) => line.trim()));
  const wordings = new Map<string, { names: string[]; descriptions: string[] }>();
  for (const line of read('routes.tsv')) {
    const [intent = '', names = '', descriptions = ''] = line.split('\t');
    wordings.set(intent, { names: names.split('|'), descriptions: descriptions.split('|') });
  }
  const groups = read('overlap.txt').map((line) => line.split(' '));
  const prompts = read('prompts.tsv').flatMap((line) => {
    const [intent = '', text = ''] = line.split('\t');
    return unseen.has(intent) ? [labelled(text.replaceAll('\\n', '\n'), intent)] : [];
  });
  const routeOf = (intent: string, random: Random): Route => {
    const wording = wordings.get(intent);
    if (wording === undefined) throw new Error(`routes.tsv has no ${intent}`);
    return {
      name: pick(random, wording.names),
      description: pick(random, wording.descriptions),
      examples: [],
    };
  };
  const overlaps = (intent: string, other: string): boolean =>
    groups.some((group) => group.includes(intent) && group.includes(other));
  const tasks = drawTasks({
    prompts,
    intents: [...unseen],
    overlaps,
    routeOf,
    count,
    random: seededRandom(seed),
  });
  const examplesOf = Map.groupBy(prompts, (prompt) => prompt.intent);
  const random = seededRandom(seed + 1);
  const withExamples = tasks.map((task) => ({
    ...task,
    routes: task.routes.map((route) => {
      const intent = [...unseen].find((id) => wordings.get(id)?.names.includes(route.name)) ?? '';
      const others = (examplesOf.get(intent) ?? []).filter((prompt) => prompt.turns !== task.turns);
      const examples = sample(random, others, 3).map((prompt) => prompt.turns.at(-1)?.text ?? '');
      return { ...route, examples };
    }),
  }));
  return [
    { title: 'own prompts, unseen routes', tasks },
    { title: 'own prompts, unseen routes, 3 examples', tasks: withExamples },
  ];
}

/** ` || ` separates the turns of a conversation; they alternate and end with the user's. */
function labelled(text: string, intent: string): LabelledPrompt {
  const texts = text.split(' || ');
  const turns = texts.map((turn, index) => ({
    role: (texts.length - index) % 2 === 1 ? ('user' as const) : ('assistant' as const),
    text: turn,
  }));
  return { turns, intent };
}

function asRoute(intent: string, examples: readonly string[]): Route {
  return { name: intent, description: `User asks about ${intent.replaceAll('_', ' ')}`, examples };
}
