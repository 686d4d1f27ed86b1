// A cell of the matrix, and how its client is asked in it: a question, a tool loop, steps of tools.

import { expect } from 'vitest';
import type { FakeVendor } from '../vendors/fake-vendor.ts';
import { LOOK_TEXT, RESULT_TEXT } from '../vendors/reply.ts';
import type { HistoryEntry, MatrixClient, Outcome, Question, Tokens, ToolResult } from './matrix-client.ts';

export interface Cell {
  readonly client: MatrixClient;
  readonly provider: FakeVendor;
  /** As the gateway knows it. */
  readonly model: string;
}

export type MatrixCase = (cell: Cell) => Promise<void>;

/** 1 x 1, red. */
export const PICTURE: string =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';

type Call = Pick<Outcome['calls'][number], 'name' | 'input'>;

export const WEATHER: Call = { name: 'get_weather', input: { city: 'Paris', unit: 'celsius' } };
export const TIME: Call = { name: 'get_time', input: { zone: 'Europe/Paris' } };
const LOOK_UP: Call = { name: 'look_up', input: { query: 'the capital of France' } };
export const PING: Call = { name: 'ping', input: {} };

/** Every provider counts the same, however it words it. */
export const USAGE: Tokens = { input: 20, cached: 6, output: 7 };

const user = (text: string): HistoryEntry => ({ type: 'user', text });
const QUESTION: HistoryEntry = user('What is the capital of France?');
export const ALL_TOOLS: readonly string[] = ['get_weather', 'get_time', 'ping'];

export function ask({ client, model }: Cell, more: Partial<Question>): Promise<Outcome> {
  return client.ask({ model, stream: false, history: [QUESTION], ...more });
}

export function expectAnswer({ client }: Cell, outcome: Outcome, text: string): void {
  expect(outcome.text).toBe(text);
  expect(outcome.calls).toEqual([]);
  expect(outcome.end).toBe(client.ends.said);
  expect(outcome.usage).toEqual(USAGE);
}

export function expectInOrder(received: string, parts: readonly string[]): void {
  const places = parts.map((part) => received.indexOf(part));
  for (const [index, place] of places.entries())
    expect(place, `${parts[index]} in ${received}`).toBeGreaterThan(places[index - 1] ?? -1);
}

/** One question later. */
export const after = (outcome: Outcome): HistoryEntry[] => [
  QUESTION,
  { type: 'answer', outcome },
  user('And of Spain?'),
];

/** Asks with tools, then with their results. */
export async function loop(
  cell: Cell,
  question: Partial<Question>,
  result: Partial<ToolResult> = {},
): Promise<Outcome> {
  const first = await ask(cell, question);
  const results = first.calls.map(({ id, name }, index) => ({
    id,
    name,
    text: `${21 + index} degrees`,
    ...result,
  }));
  expect(
    new Set(results.map(({ id }) => id)).size === results.length || cell.client.dialect === 'gemini',
  ).toBe(true);
  const history: HistoryEntry[] = [
    QUESTION,
    { type: 'answer', outcome: first },
    { type: 'results', results },
  ];
  const second = await ask(cell, { ...question, history });
  expectInOrder(
    cell.provider.requests[1]?.bytes.toString() ?? '',
    results.map(({ text }) => text),
  );
  return second;
}

/** Text before a call, then another call, then the answer. */
export async function steps(cell: Cell, more: Partial<Question>): Promise<void> {
  const question = { tools: ['look_up', 'get_weather'], ...more };
  const first = await ask(cell, question);
  expect(first.text).toBe(LOOK_TEXT);
  expect(first.calls).toMatchObject([LOOK_UP]);
  expect(first.end).toBe(cell.client.ends.called);
  const history: HistoryEntry[] = [
    QUESTION,
    { type: 'answer', outcome: first },
    resultOf(first, 'Île-de-France'),
  ];
  const second = await ask(cell, { ...question, history });
  expect([second.text, second.calls.length]).toEqual(['', 1]);
  expect(second.calls).toMatchObject([WEATHER]);
  history.push({ type: 'answer', outcome: second }, resultOf(second, '21 degrees'));
  const last = await ask(cell, { ...question, history });
  expect([last.text, last.calls]).toEqual([RESULT_TEXT, []]);
  // A word of it, since some clients send a streamed text back in its pieces.
  const parts = ['France?', 'look ', 'Île-de-France', '21 degrees'];
  expectInOrder(cell.provider.requests[2]?.bytes.toString() ?? '', parts);
}

function resultOf({ calls }: Outcome, text: string): HistoryEntry {
  return { type: 'results', results: calls.map(({ id, name }) => ({ id, name, text })) };
}

export function streamed(
  check: (cell: Cell, pieces: () => number, more: Partial<Question>) => Promise<void>,
): MatrixCase {
  return (cell) => {
    let pieces = 0;
    const onPiece = (): void => {
      pieces += 1;
    };
    return check(cell, () => pieces, { stream: true, onPiece });
  };
}
