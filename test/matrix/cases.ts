// The cases of the matrix: what a client asks, and what must come of it at the client and at the provider. None knows which
// client or which provider it runs with, but for what that provider can say at all.

import { expect, vi } from 'vitest';
import type { FakeVendor } from '../vendors/fake-vendor.ts';
import {
  ANSWER_TEXT,
  CUT_TEXT,
  DOCUMENT_TEXT,
  IMAGE_TEXT,
  JSON_TEXT,
  REASONING_TEXT,
  RESULT_TEXT,
} from '../vendors/reply.ts';
import { SIGNATURES } from '../vendors/signatures.ts';
import { FAILURE_TEXT } from '../vendors/vendor.ts';
import type { HistoryEntry, MatrixClient, Outcome, Question } from './matrix-client.ts';

export interface Cell {
  readonly client: MatrixClient;
  readonly provider: FakeVendor;
  /** As the gateway knows it. */
  readonly model: string;
}

export type MatrixCase = (cell: Cell) => Promise<void>;

/** 1 x 1, red. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';
/** A PDF without a page. */
const DOCUMENT = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
).toString('base64');
const CITY_SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, population: { type: 'integer' } },
  required: ['city', 'population'],
  additionalProperties: false,
};
const WEATHER = { name: 'get_weather', input: { city: 'Paris', unit: 'celsius' } };
const TIME = { name: 'get_time', input: { zone: 'Europe/Paris' } };
const PING = { name: 'ping', input: {} };

const USAGE = { input: 20, cached: 6, output: 7 };
const THINKING_USAGE = { ...USAGE, output: 11 };

const user = (text: string): HistoryEntry => ({ type: 'user', text });
const QUESTION = user('What is the capital of France?');
const FAILURES = ['invalid', 'authentication', 'rate-limited', 'internal', 'overloaded'] as const;
const ALL_TOOLS = ['get_weather', 'get_time', 'ping'];

function ask({ client, model }: Cell, more: Partial<Question>): Promise<Outcome> {
  return client.ask({ model, stream: false, history: [QUESTION], ...more });
}

/** Every provider counts the same, however it words it. */
function expectAnswer({ client }: Cell, outcome: Outcome, text: string): void {
  expect(outcome.text).toBe(text);
  expect(outcome.calls).toEqual([]);
  expect(outcome.end).toBe(client.ends.said);
  expect(outcome.usage).toEqual(USAGE);
}

function expectInOrder(received: string, parts: readonly string[]): void {
  const places = parts.map((part) => received.indexOf(part));
  for (const [index, place] of places.entries())
    expect(place, `${parts[index]} in ${received}`).toBeGreaterThan(places[index - 1] ?? -1);
}

const after = (outcome: Outcome): HistoryEntry[] => [
  QUESTION,
  { type: 'answer', outcome },
  user('And of Spain?'),
];

/** Asks with tools, then with their results. */
async function loop(cell: Cell, question: Partial<Question>): Promise<Outcome> {
  const first = await ask(cell, question);
  const results = first.calls.map(({ id, name }, index) => ({ id, name, text: `${21 + index} degrees` }));
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

function streamed(
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

export const CASES: Readonly<Record<string, MatrixCase>> = {
  text: async (cell) => {
    expectAnswer(cell, await ask(cell, {}), ANSWER_TEXT);
  },

  'streamed text': streamed(async (cell, pieces, more) => {
    expectAnswer(cell, await ask(cell, more), ANSWER_TEXT);
    expect(pieces()).toBeGreaterThan(3);
  }),

  'instructions and settings': async (cell) => {
    const system = ['Answer in one sentence.', 'Be polite.'];
    expectAnswer(cell, await ask(cell, { system, temperature: 0.5, stop: 'END' }), ANSWER_TEXT);
    const received = cell.provider.requests[0]?.bytes.toString() ?? '';
    expectInOrder(received, system);
    expect(received).toContain('4096');
    // This model takes none.
    if (cell.client.sendsTemperature(cell.model) && cell.model !== 'gpt-5-mini')
      expect(received).toContain(':0.5');
    // Responses have no stop sequences.
    const stops =
      cell.client.dialect !== 'openai-responses' && cell.provider.vendor.dialect !== 'openai-responses';
    if (stops) expect(received).toContain('"END"');
  },

  'one tool': async (cell) => {
    const { calls } = await ask(cell, { tools: ['get_weather'] });
    expect(calls).toMatchObject([WEATHER]);
  },

  'parallel tools': async (cell) => {
    const { calls, end } = await ask(cell, { tools: ALL_TOOLS });
    expect(calls).toMatchObject([WEATHER, TIME, PING]);
    expect(end).toBe(cell.client.ends.called);
  },

  'the tool that must be called': async (cell) => {
    const { calls } = await ask(cell, { tools: ALL_TOOLS, forced: 'get_time' });
    expect(calls).toMatchObject([TIME]);
  },

  'streamed tools': streamed(async (cell, pieces, more) => {
    const { calls, end, usage } = await ask(cell, { tools: ALL_TOOLS, ...more });
    expect(calls).toMatchObject([WEATHER, TIME, PING]);
    expect(end).toBe(cell.client.ends.called);
    expect(usage).toEqual(USAGE);
    // Gemini sends arguments whole.
    const whole = [cell.client.dialect, cell.provider.vendor.dialect].includes('gemini');
    if (!whole) expect(pieces()).toBeGreaterThan(4);
  }),

  'tool results': async (cell) => {
    expectAnswer(cell, await loop(cell, { tools: ALL_TOOLS }), RESULT_TEXT);
  },

  'streamed tool results': streamed(async (cell, _pieces, more) => {
    expectAnswer(cell, await loop(cell, { tools: ALL_TOOLS, ...more }), RESULT_TEXT);
  }),

  image: async (cell) => {
    const history: HistoryEntry[] = [
      { type: 'user', text: 'What is this?', media: { type: 'image/png', base64: PICTURE } },
    ];
    expectAnswer(cell, await ask(cell, { history }), IMAGE_TEXT);
    expect(cell.provider.requests[0]?.bytes.toString()).toContain(PICTURE);
  },

  document: async (cell) => {
    const media = { type: 'application/pdf', base64: DOCUMENT } as const;
    expectAnswer(
      cell,
      await ask(cell, { history: [{ type: 'user', text: 'Sum up.', media }] }),
      DOCUMENT_TEXT,
    );
    expect(cell.provider.requests[0]?.bytes.toString()).toContain(DOCUMENT);
  },

  'structured output': async (cell) => {
    const { text } = await ask(cell, { schema: CITY_SCHEMA });
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON_TEXT));
    expect(cell.provider.requests[0]?.bytes.toString()).toContain('population');
  },

  'streamed structured output': streamed(async (cell, _pieces, more) => {
    const { text } = await ask(cell, { schema: CITY_SCHEMA, ...more });
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON_TEXT));
  }),

  'a second question': async (cell) => {
    const first = await ask(cell, {});
    expectAnswer(cell, await ask(cell, { history: after(first) }), ANSWER_TEXT);
    expectInOrder(cell.provider.requests[1]?.bytes.toString() ?? '', ['France?', ANSWER_TEXT, 'Spain?']);
  },

  'an answer that the limit cuts': async (cell) => {
    const { text, end, usage } = await ask(cell, { limit: 16 });
    expect([text, end, usage.output]).toEqual([CUT_TEXT, cell.client.ends.cut, 2]);
  },

  'a stream that the limit cuts': streamed(async (cell, _pieces, more) => {
    const { text, end, usage } = await ask(cell, { limit: 16, ...more });
    expect([text, end, usage.output]).toEqual([CUT_TEXT, cell.client.ends.cut, 2]);
  }),

  reasoning: async (cell) => {
    const { text, reasoning, usage } = await ask(cell, { thinks: true });
    expect(text).toBe(ANSWER_TEXT);
    expect(reasoning).toBe(shownReasoning(cell));
    expect(usage).toEqual(THINKING_USAGE);
  },

  'streamed reasoning': streamed(async (cell, _pieces, more) => {
    const { text, reasoning, usage } = await ask(cell, { thinks: true, ...more });
    expect(text).toBe(ANSWER_TEXT);
    expect(reasoning).toBe(shownReasoning(cell));
    expect(usage).toEqual(THINKING_USAGE);
  }),

  'a second question after reasoning': async (cell) => {
    const first = await ask(cell, { thinks: true });
    const { text } = await ask(cell, { thinks: true, history: after(first) });
    expect(text).toBe(ANSWER_TEXT);
    expectSignature(cell);
  },

  'reasoning in a tool loop': async (cell) => {
    const { text } = await loop(cell, { thinks: true, tools: ['get_weather'] });
    expect(text).toBe(RESULT_TEXT);
    expectSignature(cell);
  },

  'streamed reasoning in a tool loop': streamed(async (cell, _pieces, more) => {
    const { text } = await loop(cell, { thinks: true, tools: ['get_weather'], ...more });
    expect(text).toBe(RESULT_TEXT);
    expectSignature(cell);
  }),

  errors: async (cell) => {
    for (const failure of FAILURES) {
      cell.provider.script({ type: 'fail', failure });
      const error = await failureOf(ask(cell, {}));
      // Vendors repeat parts of a key that they refuse.
      const isHidden = failure === 'authentication' && cell.client.dialect !== cell.provider.vendor.dialect;
      expect(String(error)).toContain(isHidden ? "the gateway's credentials" : FAILURE_TEXT[failure]);
      const { status } = cell.provider.vendor.wordFailure(failure);
      expect(error).toMatchObject(cell.client.name.startsWith('ai:') ? { statusCode: status } : { status });
      // Google's error has no headers.
      if (failure === 'rate-limited' && cell.client.name !== '@google/genai')
        expect(retryAfterOf(error)).toBe('7');
    }
  },

  'error in a stream': streamed(async (cell, _pieces, more) => {
    cell.provider.script({ type: 'fail-midway', after: 4, failure: 'overloaded' });
    const error = await failureOf(ask(cell, more));
    expect(`${String(error)} ${JSON.stringify(error)}`).toContain(FAILURE_TEXT.overloaded);
  }),

  'a stream that ends too early': streamed(async (cell, _pieces, more) => {
    cell.provider.script({ type: 'cut', after: 4 });
    await failureOf(ask(cell, more));
  }),

  abort: async (cell) => {
    const gate = Promise.withResolvers<void>();
    cell.provider.script({ type: 'hold', after: 5, gate: gate.promise });
    const abort = new AbortController();
    const onPiece = (): void => abort.abort();
    // Some SDKs throw, others end the stream.
    await ask(cell, { stream: true, signal: abort.signal, onPiece }).catch(() => undefined);
    await vi.waitFor(() => expect(cell.provider.abandoned()).toBe(1), { timeout: 5000 });
    gate.resolve();
  },
};

/**
 * OpenAI's Chat Completions never show what the model thought, and cannot ask others to, but Claude shows it unasked.
 * @ai-sdk's Chat provider reads no reasoning.
 */
function shownReasoning({ client, provider }: Cell): string {
  const { dialect } = provider.vendor;
  if (dialect === 'openai-chat' || client.name === 'ai: openai.chat') return '';
  const showsUnasked = dialect === 'anthropic-messages' || dialect === 'bedrock-converse';
  return client.dialect === 'openai-chat' && !showsUnasked ? '' : REASONING_TEXT;
}

function retryAfterOf(error: unknown): string | null | undefined {
  const { headers, responseHeaders } = error as {
    readonly headers?: Headers;
    readonly responseHeaders?: Record<string, string>;
  };
  return headers?.get('retry-after') ?? responseHeaders?.['retry-after'];
}

/** The provider gets its own proof back, through whatever client. */
function expectSignature({ client, provider }: Cell): void {
  const { dialect } = provider.vendor;
  const signatures: Readonly<Record<string, string>> = {
    'openai-responses': SIGNATURES.openaiResponses,
    'anthropic-messages': SIGNATURES.anthropicMessages,
    gemini: SIGNATURES.gemini,
    'bedrock-converse': SIGNATURES.bedrockConverse,
  };
  const signature = signatures[dialect];
  if (signature === undefined || client.name === 'ai: openai.chat') return;
  expect(provider.requests[1]?.bytes.toString()).toContain(signature);
}

async function failureOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    (outcome) => expect.fail(`no error but ${JSON.stringify(outcome)}`),
    (error: unknown) => error,
  );
}
