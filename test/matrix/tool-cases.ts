// Cases of tools: called one and several at a time, forced, streamed, and their results.

import { expect } from 'vitest';
import { RESULT_TEXT } from '../vendors/reply.ts';
import {
  ALL_TOOLS,
  ask,
  expectAnswer,
  loop,
  type MatrixCase,
  PING,
  steps,
  streamed,
  TIME,
  USAGE,
  WEATHER,
} from './cell.ts';

export const TOOL_CASES: Readonly<Record<string, MatrixCase>> = {
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

  'two steps of tools': async (cell) => {
    await steps(cell, {});
  },

  'streamed steps of tools': streamed(async (cell, _pieces, more) => {
    await steps(cell, more);
  }),
};
