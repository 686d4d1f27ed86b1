// Cases of questions and answers: text, settings, media, structured output, limits.

import { expect } from 'vitest';
import { ANSWER_TEXT, CUT_TEXT, DOCUMENT_TEXT, IMAGE_TEXT, JSON_TEXT } from '../vendors/reply.ts';
import { after, ask, expectAnswer, expectInOrder, type MatrixCase, PICTURE, streamed } from './cell.ts';
import type { HistoryEntry } from './matrix-client.ts';

/** A PDF without a page. */
const DOCUMENT = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
).toString('base64');
const CITY_SCHEMA = {
  type: 'object',
  properties: { city: { $ref: '#/$defs/name' }, population: { type: 'integer' } },
  required: ['city', 'population'],
  additionalProperties: false,
  $defs: { name: { type: 'string', description: 'As the people there call it.' } },
};
const BOUNDED_SCHEMA = {
  ...CITY_SCHEMA,
  properties: { ...CITY_SCHEMA.properties, population: { type: 'integer', minimum: 0, maximum: 9e9 } },
};
/** Those that take no temperature. */
const COLD_MODELS = /^gpt-5-mini|^gpt-5\.4|^gpt-6|claude-opus-4-7/;

export const PLAIN_CASES: Readonly<Record<string, MatrixCase>> = {
  text: async (cell) => {
    expectAnswer(cell, await ask(cell, {}), ANSWER_TEXT);
  },

  'streamed text': streamed(async (cell, pieces, more) => {
    expectAnswer(cell, await ask(cell, more), ANSWER_TEXT);
    expect(pieces()).toBeGreaterThan(3);
  }),

  'instructions and settings': async (cell) => {
    const { client, model, provider } = cell;
    const system = ['Answer in one sentence.', 'Be polite.'];
    const takesTemperature = !COLD_MODELS.test(model);
    // Who speaks the vendor's own dialect has to know its models.
    const warm = takesTemperature || client.dialect !== provider.vendor.dialect ? { temperature: 0.5 } : {};
    expectAnswer(cell, await ask(cell, { system, stop: 'END', ...warm }), ANSWER_TEXT);
    const received = cell.provider.requests[0]?.bytes.toString() ?? '';
    expectInOrder(received, system);
    expect(received).toContain('4096');
    if (takesTemperature && client.sendsTemperature(model)) expect(received).toContain(':0.5');
    // Responses have no stop sequences, and this model takes none.
    const dialects = [client.dialect, provider.vendor.dialect];
    const isSilent = model.startsWith('gpt-5.4') && client.dialect !== 'openai-chat';
    const stops = !dialects.includes('openai-responses') && !isSilent;
    if (stops) expect(received).toContain('"END"');
  },

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
    // Anthropic knows no bounds, as whoever speaks its dialect has to know.
    const schema = cell.client.dialect === 'anthropic-messages' ? CITY_SCHEMA : BOUNDED_SCHEMA;
    const { text } = await ask(cell, { schema });
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
};
