// Cases of tools: called one and several at a time, forced, streamed, and their results.

import { expect } from 'vitest';
import { RESULT_TEXT } from '../vendors/reply.ts';
import type { VendorDialect } from '../vendors/vendor.ts';
import {
  ALL_TOOLS,
  ask,
  expectAnswer,
  loop,
  type MatrixCase,
  PICTURE,
  PING,
  steps,
  streamed,
  TIME,
  USAGE,
  WEATHER,
} from './cell.ts';

/** How each vendor is told of it; OpenAI's have only the words for it. */
const FAILED: Readonly<Record<VendorDialect, RegExp>> = {
  'openai-chat': /No such city/,
  'openai-responses': /No such city/,
  'anthropic-messages': /"is_error":true/,
  gemini: /"error":/,
  'bedrock-converse': /"status":"error"/,
};

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

  'a tool that failed': async (cell) => {
    const { client, provider } = cell;
    const result = { text: 'No such city.', failed: true };
    expectAnswer(cell, await loop(cell, { tools: ['get_weather'] }, result), RESULT_TEXT);
    const mark = FAILED[provider.vendor.dialect];
    if (client.says.includes('failed')) expect(provider.requests[1]?.bytes.toString()).toMatch(mark);
  },

  'an image from a tool': async (cell) => {
    const { client, provider } = cell;
    const result = client.says.includes('image') ? { image: PICTURE } : {};
    expectAnswer(cell, await loop(cell, { tools: ['get_weather'] }, result), RESULT_TEXT);
    if (client.says.includes('image')) expect(provider.requests[1]?.bytes.toString()).toContain(PICTURE);
  },

  'two steps of tools': async (cell) => {
    await steps(cell, {});
  },

  'streamed steps of tools': streamed(async (cell, _pieces, more) => {
    await steps(cell, more);
  }),
};
