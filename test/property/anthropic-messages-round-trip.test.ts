// Messages → neutral terms → Messages loses nothing. Bodies are in their simplest form: content is a list of blocks, turns
// alternate, and what is the same as its default is not said.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../src/conversation/stream-event.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import type { JsonObject } from '../../src/json/json-value.ts';
import { freeze } from '../unit/dialects/openai-chat/freeze.ts';
import {
  cache_control,
  citation,
  count,
  documentBlock,
  exactly,
  id,
  imageBlock,
  is,
  name,
  object,
  oddDocument,
  ofServer,
  plainText,
  record,
  redacted,
  results,
  searchResult,
  text,
  textBlock,
  thinking,
  toolUse,
} from './messages-blocks.ts';

const CONTEXT = { seed: '0123456789abcdef01234567', created: 7, model: 'm', stream: true, memo: {} };

const list = (...blocks: fc.Arbitrary<JsonObject>[]) =>
  fc.array(fc.oneof(...blocks), { minLength: 1, maxLength: 4 });
const userContent = fc
  .tuple(results, list(textBlock, imageBlock, documentBlock, oddDocument, searchResult, ofServer))
  .map(([answered, blocks]) => [...answered, ...blocks]);
const user = record({ role: is('user'), content: userContent });
const assistant = record({
  role: is('assistant'),
  content: list(textBlock, thinking, redacted, toolUse, ofServer),
});
const instruction = record({ role: is('system'), content: list(plainText) });
/** Turns alternate; instructions stand between the user's turn and the answer. */
const messages = fc
  .array(fc.tuple(user, fc.option(instruction, { nil: undefined, freq: 4 }), assistant), { maxLength: 2 })
  .chain((rounds) => user.map((last) => [...rounds.flat().filter((turn) => turn !== undefined), last]));

const schema = fc.constantFrom<JsonObject>(
  { type: 'object', properties: {} },
  { type: 'object', properties: { a: { minimum: 3, format: 'zip' } }, required: ['a'], $defs: { b: {} } },
);
const strictSchema = fc.constant<JsonObject>({
  type: 'object',
  properties: {
    a: { type: 'string', format: 'date', enum: ['x'], default: 'x' },
    b: { type: 'array', minItems: 1, items: { $ref: '#/$defs/c' } },
    c: { anyOf: [{ type: 'object', properties: {}, additionalProperties: false }, { type: 'null' }] },
  },
  $defs: { c: { const: 1 } },
  required: ['a'],
  additionalProperties: false,
});
const toolMembers = {
  cache_control,
  description: text,
  allowed_callers: fc.constant(['direct']),
  defer_loading: fc.boolean(),
  eager_input_streaming: fc.boolean(),
  input_examples: fc.constant([{ a: 1 }]),
};
const tool = fc.oneof(
  record({ name, input_schema: schema }, { ...toolMembers, strict: fc.constant(false) }),
  record({ name, input_schema: strictSchema, strict: fc.constant(true) }, toolMembers),
  record({ type: is('web_search_20260318'), name: is('web_search') }, { max_uses: count, cache_control }),
  record({ type: is('bash_20250124'), name: is('bash') }, { cache_control }),
  record({ type: is('computer_toolset_20260801') }, { configs: fc.constant({}) }),
);
const one = fc.constant(true);
const toolChoice = fc.oneof(
  exactly({ type: is('auto') }, { disable_parallel_tool_use: one }),
  exactly({ type: is('any') }, { disable_parallel_tool_use: one }),
  exactly({ type: is('tool'), name }, { disable_parallel_tool_use: one }),
  exactly({ type: is('none') }),
  exactly({ type: is('of_tomorrow'), tools: fc.array(name) }),
);

/** Thinking in the form that the model takes, which decides on sampling too. */
const display = fc.constantFrom('summarized', 'omitted');
const format = strictSchema.map((one) => ({ type: 'json_schema', schema: one }));
const config = (efforts: readonly string[]) =>
  record({}, { format, effort: fc.constantFrom(...efforts) }).filter((one) => Object.keys(one).length > 0);
const newest = fc
  .tuple(
    exactly(
      {},
      {
        thinking: fc.oneof(record({ type: is('adaptive'), display }), exactly({ type: is('disabled') })),
        output_config: config(['low', 'medium', 'high', 'xhigh', 'max']),
      },
    ),
    messages,
  )
  .map(([settings, turns]) => ({ model: 'claude-opus-4-8', messages: turns, ...settings }));
const sampling = fc.oneof(
  exactly({}, { temperature: fc.double({ min: 0, max: 0.99, noNaN: true }), top_k: count }),
  exactly({}, { top_p: fc.double({ min: 0, max: 1, noNaN: true }), top_k: count }),
);
const older = fc
  .tuple(
    fc.oneof(
      sampling,
      exactly(
        {
          thinking: record(
            { type: is('enabled'), budget_tokens: fc.integer({ min: 1024, max: 20_000 }) },
            { display: is('omitted') },
          ),
        },
        { top_p: fc.constantFrom(0.95, 1), output_config: config(['low', 'high']) },
      ),
      exactly({ thinking: exactly({ type: is('disabled') }) }),
      exactly({ output_config: config(['low', 'high']) }),
    ),
    user,
  )
  .map(([settings, turn]) => ({ model: 'claude-opus-4-5', messages: [turn], ...settings }));

const request = fc
  .tuple(
    record(
      { max_tokens: fc.integer({ min: 20_001, max: 64_000 }) },
      {
        system: list(plainText),
        stop_sequences: fc.array(text, { minLength: 1, maxLength: 5 }),
        metadata: record({ user_id: name }),
        service_tier: fc.constantFrom('auto', 'standard_only'),
        cache_control,
        container: name,
        context_management: object,
        mcp_servers: fc.constant([{ type: 'url', url: 'https://a.test', name: 'a' }]),
        inference_geo: name,
        speed: is('fast'),
        diagnostics: fc.constant({ previous_message_id: 'msg_1' }),
      },
    ),
    fc.option(
      exactly({ tools: fc.array(tool, { minLength: 1, maxLength: 3 }) }, { tool_choice: toolChoice }),
      { nil: {} },
    ),
    fc.oneof(newest, older),
  )
  .map((pieces) => Object.assign({}, ...pieces) as JsonObject)
  // A budget and a forced tool exclude each other.
  .filter(({ thinking: set, tool_choice: chosen }) =>
    JSON.stringify(set ?? '').includes('budget') ? !/"(any|tool)"/.test(JSON.stringify(chosen ?? '')) : true,
  );

const said = list(textBlock, thinking, redacted, toolUse, ofServer).map((blocks) =>
  blocks.map((block) => {
    const { cache_control: _, ...others } = block;
    return block['type'] === 'tool_use' ? { caller: { type: 'direct' }, ...others } : others;
  }),
);
const usage = record(
  {
    input_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
    output_tokens: count,
  },
  {
    cache_creation: exactly({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
    output_tokens_details: record({ thinking_tokens: count }),
    server_tool_use: exactly({ web_search_requests: count, web_fetch_requests: count }),
    service_tier: fc.constantFrom('standard', 'priority', 'batch'),
    inference_geo: name,
    speed: is('standard'),
  },
);
const ending = fc.oneof(
  exactly({ stop_reason: is('max_tokens'), stop_sequence: fc.constant(null) }),
  exactly({ stop_reason: is('model_context_window_exceeded'), stop_sequence: fc.constant(null) }),
  exactly({ stop_reason: is('pause_turn'), stop_sequence: fc.constant(null) }),
  exactly({ stop_reason: is('stop_sequence'), stop_sequence: text }),
  exactly(
    { stop_reason: is('refusal'), stop_sequence: fc.constant(null) },
    {
      stop_details: exactly({
        type: is('refusal'),
        category: fc.option(is('cyber')),
        explanation: fc.option(text),
      }),
    },
  ),
);
const answer = fc
  .tuple(
    record(
      { id: name.map((id) => `msg_${id}`), type: is('message'), role: is('assistant'), model: name, usage },
      { container: exactly({ id: name }), context_management: object },
    ),
    said,
    fc.option(ending, { nil: undefined }),
  )
  .map(([head, content, end]): JsonObject => {
    const hasCalls = content.some((block) => (block as JsonObject)['type'] === 'tool_use');
    const stop = { stop_reason: hasCalls ? 'tool_use' : 'end_turn', stop_sequence: null };
    return { ...head, content: content as JsonObject[], ...(end ?? stop) };
  });

/** A part as its events between start and end. */
interface Written {
  readonly start: Extract<StreamEvent, { type: 'part-start' }>['content'];
  readonly deltas: readonly JsonObject[];
}
const signature = fc
  .constantFrom('anthropic-messages', 'openai-responses', 'gemini')
  .chain((dialect) =>
    name.map((value): JsonObject => ({ type: 'signature', signature: { dialect, value } })),
  );
const pieces = (type: string) =>
  fc.array(
    text.map((piece): JsonObject => ({ type, text: piece })),
    { minLength: 1, maxLength: 3 },
  );
const cited = citation.map((members): JsonObject => {
  const { url, title, document_title, cited_text, source } = members;
  const link = url ?? (`${source}`.startsWith('https') ? source : undefined);
  return {
    type: 'citation',
    citation: {
      ...(link === undefined ? {} : { url: link }),
      ...(title == null && document_title == null ? {} : { title: title ?? document_title ?? '' }),
      citedText: cited_text ?? '',
      vendor: { dialect: 'anthropic-messages', members },
    },
  };
});
const written: fc.Arbitrary<Written> = fc.oneof(
  fc
    .tuple(pieces('text-delta'), fc.array(cited, { maxLength: 2 }))
    .map(([texts, quotes]): Written => ({ start: { type: 'text' }, deltas: [...texts, ...quotes] })),
  fc
    .tuple(pieces('reasoning-delta'), signature)
    .map(([texts, proof]): Written => ({ start: { type: 'reasoning' }, deltas: [...texts, proof] })),
  fc
    .constantFrom('anthropic-messages', 'openai-responses')
    .chain((dialect) => name.map((value) => ({ type: 'signature', signature: { dialect, value } })))
    .map((proof): Written => ({ start: { type: 'reasoning', redacted: true }, deltas: [proof] })),
  fc.tuple(id, name, fc.array(text, { maxLength: 3 })).map(
    ([callId, called, texts]): Written => ({
      start: { type: 'tool-call', id: callId, name: called },
      deltas: texts.map((json) => ({ type: 'arguments-delta', json })),
    }),
  ),
);

/** Calls stay open to the end. */
function eventsOf(parts: readonly Written[]): StreamEvent[] {
  const events: unknown[] = [
    { type: 'start', id: 'msg_1', model: 'm' },
    { type: 'usage', usage: { input: 0, cachedInput: 0, cacheWrite: 0, output: 0 } },
  ];
  const open: number[] = [];
  for (const [part, { start, deltas }] of parts.entries()) {
    const at = { choice: 0, part };
    events.push({ type: 'part-start', ...at, content: start });
    for (const delta of deltas) events.push({ ...delta, ...at });
    if (start.type === 'tool-call') open.push(part);
    else events.push({ type: 'part-end', ...at });
  }
  for (const part of open) events.push({ type: 'part-end', choice: 0, part });
  const usage = { input: 9, cachedInput: 3, cacheWrite: 2, output: 5, reasoning: 1 };
  const reason = open.length > 0 ? 'tool-calls' : 'stop';
  events.push({ type: 'finish', choice: 0, reason }, { type: 'usage', usage }, { type: 'end' });
  return events as StreamEvent[];
}

describe('a round trip through neutral terms', () => {
  it('of a request', () => {
    fc.assert(
      fc.property(request, fc.boolean(), (body, stream) => {
        const decoded = anthropicMessages.decodeRequest(freeze(body));
        const target = { modelId: `${body['model']}`, stream, asksForUsage: true };
        const encoded = anthropicMessages.encodeRequest(freeze(decoded.request), target);
        expect(encoded.warnings).toEqual([]);
        expect(encoded.body).toEqual(stream ? { ...body, stream } : body);
      }),
    );
  });

  it('of an answer', () => {
    fc.assert(
      fc.property(answer, (body) => {
        const decoded = anthropicMessages.decodeAnswer(freeze(body), CONTEXT);
        expect(anthropicMessages.encodeAnswer(freeze(decoded), CONTEXT)).toEqual(body);
      }),
    );
  });

  it('of a stream, under any split of its bytes', () => {
    fc.assert(
      fc.property(
        fc.array(written, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(3000)),
        (parts, cuts) => {
          const events = freeze(eventsOf(parts));
          const encoder = anthropicMessages.createStreamEncoder(CONTEXT);
          const bytes = Buffer.from(events.map((event) => encoder.push(event)).join(''));
          const decoder = anthropicMessages.createStreamDecoder(CONTEXT);
          const edges = [
            0,
            ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
            bytes.length,
          ];
          const split = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          expect([...split.flatMap((piece) => decoder.push(piece)), ...decoder.finish()]).toEqual(events);
        },
      ),
    );
  });
});
