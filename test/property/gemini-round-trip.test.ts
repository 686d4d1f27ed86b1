// generateContent → neutral terms → generateContent loses nothing but `labels`, which only Vertex AI takes. Bodies are in their simplest form: camel case, JSON
// Schema, functions that stand together in one entry, no neighbouring contents of one role.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../src/conversation/stream-event.ts';
import { gemini } from '../../src/dialects/gemini/index.ts';
import type { JsonObject } from '../../src/json/json-value.ts';
import { freeze } from '../unit/dialects/openai-chat/freeze.ts';

const CONTEXT = { seed: '0123456789abcdef01234567', created: 7, model: 'm', stream: true, memo: {} };
/** Of no known generation, so that nothing is adapted to one. */
const TARGET = { modelId: 'm', stream: false, asksForUsage: false };

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const name = fc.stringMatching(/^[a-z]{1,8}$/);
const count = fc.nat(100_000);
const args = fc
  .dictionary(name, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2, noNullPrototype: true })
  // What JSON cannot tell apart: -0 from 0.
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const schema = fc.constantFrom<JsonObject>(
  { type: 'object', properties: { a: { type: ['string', 'null'] } }, required: ['a'] },
  { $defs: { a: { type: 'number' } }, anyOf: [{ $ref: '#/$defs/a' }] },
);
const own = fc.dictionary(
  fc.constantFrom('xA', 'xB'),
  fc.constantFrom<JsonObject | number | boolean | string>(1, 'a', false, { b: 2 }),
  { maxKeys: 1, noNullPrototype: true },
);

function record(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) {
  return fc
    .tuple(
      fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required), noNullPrototype: true }),
      own,
    )
    .map(([known, others]) => ({ ...known, ...others }) as JsonObject);
}
const plain = (
  members: Record<string, fc.Arbitrary<unknown>>,
  requiredKeys: string[] = Object.keys(members),
) => fc.record(members, { requiredKeys, noNullPrototype: true });

const media = fc.oneof(
  record(
    {
      inlineData: record({
        mimeType: fc.constantFrom('image/png', 'audio/wav', 'application/pdf', 'video/mp4'),
        data: fc.constant('AAA='),
      }),
    },
    { videoMetadata: fc.constant({ fps: 1 }) },
  ),
  record({
    fileData: fc.constantFrom(
      { fileUri: 'https://a.test/b.png', mimeType: 'image/png' },
      { fileUri: 'https://a.test/b', mimeType: 'application/pdf' },
      { fileUri: 'gs://a/b', mimeType: 'video/mp4' },
      { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/1' },
    ),
  }),
);
const vendorPart = fc.constantFrom<JsonObject>(
  { executableCode: { language: 'PYTHON', code: '1' } },
  { codeExecutionResult: { outcome: 'OUTCOME_OK' }, thoughtSignature: 'x' },
  { toolCall: { id: 'a', toolType: 'GOOGLE_SEARCH_WEB' } },
);
const signature = name.map((value) => ({ thoughtSignature: value }));
const maybeSigned = fc.option(signature, { nil: {} });
const call = fc
  .tuple(record({ functionCall: plain({ name, args, id: name }, ['name', 'args']) }), maybeSigned)
  .map(([part, proof]): JsonObject => ({ ...part, ...proof }));
const userParts = fc.array(fc.oneof(record({ text }), media), { minLength: 1, maxLength: 4 });
/** Neighbouring texts or thoughts of the model are one, so each is of another kind than the one before. */
const modelParts = fc
  .array(
    fc.oneof(
      fc.tuple(text, maybeSigned).map(([said, proof]): JsonObject => ({ text: said, ...proof })),
      fc.tuple(text, signature).map(([said, proof]): JsonObject => ({ text: said, thought: true, ...proof })),
      call,
      vendorPart,
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) =>
    parts.filter((part, index) => part['text'] === undefined || parts[index - 1]?.['text'] === undefined),
  );

/** Calls, and a result for each: the text of a result is all that the neutral model knows of it. */
const callsAndResults = fc
  .tuple(
    fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    text,
    fc.constantFrom('output', 'error'),
    fc.boolean(),
  )
  .map(([names, said, key, hasIds]): JsonObject[] => {
    const idOf = (one: string) => (hasIds ? { id: `id-${one}` } : {});
    return [
      { role: 'model', parts: names.map((one) => ({ functionCall: { ...idOf(one), name: one, args: {} } })) },
      {
        role: 'user',
        parts: names.map((one) => ({
          functionResponse: { ...idOf(one), name: one, response: { [key]: said } },
        })),
      },
    ];
  });
const turns = fc
  .array(
    fc.oneof(
      fc.tuple(userParts, modelParts).map(([asked, said]): JsonObject[] => [
        { role: 'user', parts: asked },
        { role: 'model', parts: said },
      ]),
      fc
        .tuple(userParts, callsAndResults, modelParts)
        .map(([asked, called, said]): JsonObject[] => [
          { role: 'user', parts: asked },
          ...called,
          { role: 'model', parts: said },
        ]),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => all.flat());

const declaration = record({ name }, { description: text, parametersJsonSchema: schema });
const toolMembers = plain(
  {
    tools: fc
      .tuple(
        fc.array(declaration, { minLength: 1, maxLength: 3 }),
        fc.subarray(['googleSearch', 'codeExecution']),
      )
      .map(([functionDeclarations, others]) => [
        { functionDeclarations },
        ...others.map((other) => ({ [other]: {} })),
      ]),
    toolConfig: fc.constantFrom<JsonObject>(
      { functionCallingConfig: { mode: 'AUTO' } },
      { functionCallingConfig: { mode: 'NONE' } },
      { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a'] } },
      {
        functionCallingConfig: { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
        retrievalConfig: { languageCode: 'de' },
      },
    ),
  },
  ['tools'],
);
const format = fc.constantFrom<JsonObject>(
  {},
  { responseMimeType: 'text/plain' },
  { responseMimeType: 'application/json' },
  { responseMimeType: 'application/json', responseJsonSchema: { type: 'array', items: {} } },
  { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a'] } },
);
const config = fc
  .tuple(
    record(
      { maxOutputTokens: fc.integer({ min: 1, max: 100_000 }) },
      {
        temperature: fc.double({ min: 0, max: 2, noNaN: true }),
        topP: fc.double({ min: 0, max: 1, noNaN: true }),
        topK: count,
        candidateCount: fc.integer({ min: 1, max: 8 }),
        stopSequences: fc.array(text, { minLength: 1, maxLength: 5 }),
        seed: fc.integer(),
        presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
        frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
        responseModalities: fc.constant(['TEXT']),
        thinkingConfig: fc.constantFrom(
          { thinkingBudget: 0 },
          { thinkingBudget: -1, includeThoughts: true },
          { thinkingBudget: 5000 },
          { thinkingLevel: 'XHIGH', includeThoughts: false },
        ),
      },
    ),
    format,
    fc.constantFrom({}, { responseLogprobs: true }, { responseLogprobs: true, logprobs: 5 }),
  )
  .map((pieces) => Object.assign({}, ...pieces) as JsonObject);
const request = fc
  .tuple(
    record(
      { contents: turns },
      {
        systemInstruction: plain({
          parts: fc.array(
            text.map((said) => ({ text: said })),
            { minLength: 1, maxLength: 2 },
          ),
        }),
        generationConfig: config,
        safetySettings: fc.constant([{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }]),
        cachedContent: name.map((id) => `cachedContents/${id}`),
        serviceTier: fc.constantFrom('standard', 'flex', 'priority'),
        store: fc.boolean(),
      },
    ),
    fc.option(toolMembers, { nil: {} }),
  )
  .map((pieces) => Object.assign({}, ...pieces) as JsonObject);

const logprob = fc.double({ max: 0, noNaN: true, noDefaultInfinity: true });
const token = plain({ token: text, logProbability: logprob, tokenId: count }, ['token', 'logProbability']);
const candidate = record(
  {
    content: plain({ parts: modelParts, role: fc.constant('model') }),
    finishReason: fc.constantFrom(
      'STOP',
      'MAX_TOKENS',
      'SAFETY',
      'RECITATION',
      'MALFORMED_FUNCTION_CALL',
      'LANGUAGE',
    ),
  },
  {
    avgLogprobs: logprob,
    finishMessage: text,
    safetyRatings: fc.constant([{ category: 'c', probability: 'LOW' }]),
    logprobsResult: fc.array(token, { maxLength: 3 }).map((chosenCandidates) => ({
      chosenCandidates,
      topCandidates: chosenCandidates.map((one) => ({ candidates: [one] })),
    })),
    groundingMetadata: fc.constant({
      webSearchQueries: ['q'],
      groundingChunks: [{ web: { uri: 'https://a.test', title: 'A', domain: 'a.test' } }],
      groundingSupports: [
        { segment: { endIndex: 1, text: 'a' }, groundingChunkIndices: [0], confidenceScores: [0.5] },
      ],
    }),
  },
);
const usage = fc
  .tuple(
    count,
    count,
    record({}, { cachedContentTokenCount: count, thoughtsTokenCount: count, toolUsePromptTokenCount: count }),
  )
  .map(([promptTokenCount, candidatesTokenCount, others]) => ({
    promptTokenCount,
    candidatesTokenCount,
    totalTokenCount:
      promptTokenCount +
      candidatesTokenCount +
      Number(others['thoughtsTokenCount'] ?? 0) +
      Number(others['toolUsePromptTokenCount'] ?? 0),
    ...others,
  }));
const answer = fc.oneof(
  record(
    {
      candidates: fc
        .array(candidate, { minLength: 1, maxLength: 2 })
        .map((candidates) => candidates.map((one, index) => ({ ...one, index }))),
      modelVersion: name,
      responseId: name,
    },
    { usageMetadata: usage, createTime: fc.constant('2026-01-02T03:04:05.678901Z') },
  ),
  record({
    promptFeedback: fc.constant({ blockReason: 'SAFETY', safetyRatings: [] }),
    usageMetadata: usage,
    modelVersion: name,
    responseId: name,
  }),
);

/** A part as its events between start and end. */
interface Written {
  readonly start: Extract<StreamEvent, { type: 'part-start' }>['content'];
  readonly deltas: readonly (
    | { readonly type: 'text-delta' | 'reasoning-delta'; readonly text: string }
    | { readonly type: 'arguments-delta'; readonly json: string }
    | {
        readonly type: 'signature';
        readonly signature: { readonly dialect: 'gemini' | 'anthropic-messages'; readonly value: string };
      }
  )[];
}
const proof = fc
  .constantFrom('gemini' as const, 'anthropic-messages' as const)
  .chain((dialect) => name.map((value) => ({ type: 'signature' as const, signature: { dialect, value } })));
const pieces = fc.array(text, { minLength: 1, maxLength: 3 });
const written: fc.Arbitrary<Written> = fc.oneof(
  pieces.map((texts) => ({
    start: { type: 'text' as const },
    deltas: texts.map((said) => ({ type: 'text-delta' as const, text: said })),
  })),
  fc.tuple(pieces, proof).map(([texts, signed]) => ({
    start: { type: 'reasoning' as const },
    deltas: [...texts.map((said) => ({ type: 'reasoning-delta' as const, text: said })), signed],
  })),
  fc.tuple(name, name, args, fc.option(proof, { nil: undefined })).map(([id, called, value, signed]) => ({
    start: { type: 'tool-call' as const, id, name: called },
    deltas: [
      ...(Object.keys(value).length === 0
        ? []
        : [{ type: 'arguments-delta' as const, json: JSON.stringify(value) }]),
      ...(signed === undefined ? [] : [signed]),
    ],
  })),
);

/** Texts that follow one another are one part on this wire. */
function eventsOf(parts: readonly Written[]): StreamEvent[] {
  const events: StreamEvent[] = [{ type: 'start', id: 'r', model: 'm' }];
  let part = 0;
  let before: string | undefined;
  let hasCalls = false;
  for (const { start, deltas } of parts) {
    if (start.type === 'text' && before === 'text') continue;
    before = start.type;
    hasCalls ||= start.type === 'tool-call';
    const at = { choice: 0, part };
    events.push({ type: 'part-start', ...at, content: start });
    for (const delta of deltas) events.push({ ...delta, ...at });
    events.push({ type: 'part-end', ...at });
    part += 1;
  }
  events.push({ type: 'finish', choice: 0, reason: hasCalls ? 'tool-calls' : 'stop' });
  return [...events, { type: 'usage', usage: { input: 3, output: 2 } }, { type: 'end' }];
}

describe('a round trip through neutral terms', () => {
  it('of a request', () => {
    fc.assert(
      fc.property(request, (body) => {
        const decoded = gemini.decodeRequest(freeze(body));
        const encoded = gemini.encodeRequest(freeze(decoded.request), TARGET);
        expect(encoded.body).toEqual(body);
        expect(encoded.warnings).toEqual([]);
      }),
    );
  });

  it('of an answer', () => {
    fc.assert(
      fc.property(answer, (body) => {
        const decoded = gemini.decodeAnswer(freeze(body), CONTEXT);
        expect(gemini.encodeAnswer(freeze(decoded), CONTEXT)).toEqual(body);
      }),
    );
  });

  it('of a stream, under any split of its bytes', () => {
    fc.assert(
      fc.property(
        fc.array(written, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(2000)),
        (parts, cuts) => {
          const events = freeze(eventsOf(parts));
          const encoder = gemini.createStreamEncoder(CONTEXT);
          const bytes = Buffer.from(events.map((event) => encoder.push(event)).join(''));
          const decoder = gemini.createStreamDecoder(CONTEXT);
          const edges = [
            0,
            ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
            bytes.length,
          ];
          const split = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          expect([...split.flatMap((one) => decoder.push(one)), ...decoder.finish()]).toEqual(events);
        },
      ),
    );
  });
});
