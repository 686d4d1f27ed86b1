// Tasks of the project's own data (model/data): prompts of the routes held out for the test, which neither the training nor
// the calibration saw. Called by evaluate-routing.ts.

import { readdirSync, readFileSync } from 'node:fs';
import type { Route } from '../../src/contract/route.ts';
import type { Turn } from '../../src/conversation/turn.ts';
import {
  drawTasks,
  type LabelledPrompt,
  pick,
  type Random,
  sample,
  seededRandom,
  type TaskSet,
} from './routing-task.ts';

const DATA = new URL('../../model/data/', import.meta.url);
/** Turns that the gateway hands no router: system texts, tool calls and their results. */
const UNHEARD = /^\[(system|call|tool)\]/;

interface Wording {
  readonly names: readonly string[];
  readonly descriptions: readonly string[];
}

/** The held-out prompts among held-out routes; the same with three examples per route; and the lists that none fits. */
export function loadOwnSets(options: { readonly count: number; readonly seed: number }): TaskSet[] {
  const { count, seed } = options;
  const wordings = loadWordings();
  const intents = readRows('test_routes.txt').map(([intent = '']) => intent);
  const heldOut = new Set(intents);
  const prompts = loadPrompts().filter((prompt) => heldOut.has(prompt.intent));
  const broad = new Map(
    readRows('coarse.tsv').map(([intent = '', , , members = '']) => [intent, new Set(members.split(' '))]),
  );
  const groups = readRows('overlap.txt').map(([line = '']) => line.split(' '));
  const mayMeet = (intent: string, other: string): boolean => {
    const near = new Set(groups.filter((group) => group.includes(intent)).flat()).add(intent);
    return [...near].some((id) => id === other || broad.get(other)?.has(id) === true);
  };
  const routeOf = (intent: string, random: Random): Route => {
    const wording = wordings.get(intent);
    if (wording === undefined) throw new Error(`model/data has no route ${intent}`);
    return {
      name: pick(random, wording.names),
      description: pick(random, wording.descriptions),
      examples: [],
    };
  };
  const tasks = drawTasks({
    prompts,
    intents,
    overlaps: mayMeet,
    routeOf,
    count,
    random: seededRandom(seed),
  });
  const random = seededRandom(seed + 1);
  const examplesOf = Map.groupBy(prompts, (prompt) => prompt.intent);
  const taught = tasks.map((task) => ({
    ...task,
    routes: task.routes.map((route) => {
      const intent = intents.find((id) => wordings.get(id)?.names.includes(route.name)) ?? '';
      const others = (examplesOf.get(intent) ?? []).filter((prompt) => prompt.turns !== task.turns);
      const examples = sample(random, others, 3).map((prompt) => prompt.turns.at(-1)?.text ?? '');
      return { ...route, examples };
    }),
  }));
  const nearMisses = readRows('none.tsv')
    .map(([ids = '', text = '']) => ({ ids: ids.split(' '), turns: spokenTurns(text) }))
    .filter(({ ids }) => ids.some((id) => heldOut.has(id)))
    .map(({ ids, turns }) => ({ turns, routes: ids.map((id) => routeOf(id, random)), expected: null }));
  return [
    { title: 'own prompts, held-out routes', tasks },
    { title: 'own prompts, held-out routes, 3 examples', tasks: taught },
    { title: 'near misses of held-out routes', tasks: nearMisses },
  ];
}

function loadWordings(): Map<string, Wording> {
  const rows = [...readRows('routes.tsv'), ...readRows('coarse.tsv')];
  return new Map(
    rows.map(([intent = '', names = '', descriptions = '']) => [
      intent,
      { names: names.split('|'), descriptions: descriptions.split('|') },
    ]),
  );
}

function loadPrompts(): LabelledPrompt[] {
  const files = readdirSync(new URL('prompts', DATA)).sort();
  return files.flatMap((file) =>
    readRows(`prompts/${file}`).map(([intent = '', text = '']) => ({ intent, turns: spokenTurns(text) })),
  );
}

/** ` || ` separates the turns of a conversation; those that are heard alternate and end with the user's. */
function spokenTurns(text: string): Turn[] {
  const texts = text
    .replaceAll('\\n', '\n')
    .split(' || ')
    .filter((turn) => !UNHEARD.test(turn));
  return texts.map((turn, index) => ({
    role: (texts.length - index) % 2 === 1 ? ('user' as const) : ('assistant' as const),
    text: turn,
  }));
}

function readRows(file: string): string[][] {
  const lines = readFileSync(new URL(file, DATA), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => line.split('\t'));
}
