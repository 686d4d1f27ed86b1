// Chat → neutral terms → Chat loses nothing. Bodies are in their simplest form: one plain text is a string.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapInput } from '../../src/conversation/custom-input.ts';
import type { StreamEvent } from '../../src/conversation/stream-event.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import type { JsonObject } from '../../src/json/json-value.ts';
import { freeze } from '../unit/dialects/openai-chat/freeze.ts';
import {
  CUSTOM_NAME,
  chatCustomCall,
  chatCustomRequest,
  joinArguments,
  KNOWS_CUSTOM,
} from './custom-tools.ts';

const MEMO: JsonObject = { custom: [CUSTOM_NAME] };
const CONTEXT = { seed: '0123456789abcdef01234567', created: 7, model: 'm', stream: true, memo: MEMO };

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const name = fc.stringMatching(/^[a-z]{1,8}$/);
const json = fc.json({ maxDepth: 1 }).map((value) => `{"v": ${value}}`);
const count = fc.nat(100_000);
const schema = fc.constantFrom<JsonObject>(
  { type: 'object', properties: {}, additionalProperties: false },
  { type: 'object', properties: { a: {} }, required: ['a'], additionalProperties: false },
);
/** Names that no version of the dialect knows, so that they are a server's own. */
const own = fc.dictionary(
  fc.stringMatching(/^x_[a-z]{1,4}$/),
  fc.constantFrom(1, 'a', false, [null], { b: 2 }),
  {
    maxKeys: 2,
  },
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
    .map(([known, others]) => ({ ...known, ...others }));
}

const textPart = record({ type: fc.constant('text'), text });
const imagePart = record({
  type: fc.constant('image_url'),
  image_url: fc.record(
    {
      url: fc.constantFrom('https://a.test/b.png', 'data:image/png;base64,AAA='),
      detail: fc.constantFrom('low', 'high', 'auto'),
    },
    { requiredKeys: ['url'], noNullPrototype: true },
  ),
});
const filePart = record({
  type: fc.constant('file'),
  file: fc.constantFrom(
    { file_id: 'file-1' },
    { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
  ),
});
const audioPart = record({
  type: fc.constant('input_audio'),
  input_audio: fc.constantFrom({ data: 'AAA=', format: 'mp3' }, { data: 'AAA=', format: 'wav' }),
});
const userContent = fc.oneof(
  text,
  fc.array(fc.oneof(textPart, imagePart, filePart, audioPart), { minLength: 2, maxLength: 4 }),
);

const call = record(
  {
    id: name,
    type: fc.constant('function'),
    function: fc.record({ name, arguments: json }, { noNullPrototype: true }),
  },
  {
    extra_content: fc.record(
      { google: fc.record({ thought_signature: name }, { noNullPrototype: true }) },
      { noNullPrototype: true },
    ),
  },
);
const calls = fc.array(call, { minLength: 1, maxLength: 3 });

/** Signed or encrypted, as a whole; the text is what the parts say. */
const details = fc
  .array(
    fc.oneof(
      record({ type: fc.constant('reasoning.text'), text, signature: name }, { id: name }),
      record({ type: fc.constant('reasoning.encrypted'), data: name }, { id: name }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((list): JsonObject => {
    const said = list.map((detail) => ('text' in detail ? detail['text'] : '')).join('');
    return { ...(said === '' ? {} : { reasoning_content: said }), reasoning_details: list as never };
  });
const reasoning = fc.oneof(
  fc.constant<JsonObject>({}),
  text.map((said): JsonObject => ({ reasoning_content: said })),
  details,
);
const said = fc.oneof(
  text.map((content): JsonObject => ({ content })),
  calls.map((tool_calls): JsonObject => ({ content: null, tool_calls: tool_calls as never })),
  fc
    .tuple(text, calls)
    .map(([content, tool_calls]): JsonObject => ({ content, tool_calls: tool_calls as never })),
  text.map((refusal): JsonObject => ({ content: null, refusal })),
);

const message = fc.oneof(
  record({ role: fc.constant('system'), content: text }, { name }),
  record({ role: fc.constant('user'), content: userContent }, { name }),
  record({ role: fc.constant('tool'), tool_call_id: name, content: text }),
  fc
    .tuple(said, reasoning, own)
    .map((pieces) => Object.assign({ role: 'assistant' }, ...pieces) as JsonObject),
);

const tool = record({
  type: fc.constant('function'),
  function: fc.record(
    { name, description: text, parameters: schema, strict: fc.boolean() },
    { requiredKeys: ['name', 'parameters'], noNullPrototype: true },
  ),
});
const toolMembers = fc.record(
  {
    tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
    tool_choice: fc.oneof(
      fc.constantFrom('auto', 'none', 'required'),
      name.map((chosen) => ({ type: 'function', function: { name: chosen } })),
    ),
    parallel_tool_calls: fc.boolean(),
  },
  { requiredKeys: ['tools'], noNullPrototype: true },
);
const format = fc.oneof(
  fc.constant({ type: 'json_object' }),
  fc
    .record(
      { name, schema, description: text, strict: fc.boolean() },
      { requiredKeys: ['name', 'schema'], noNullPrototype: true },
    )
    .map((json_schema) => ({ type: 'json_schema', json_schema })),
);
const request = fc
  .tuple(
    record(
      { model: fc.constant('m'), messages: fc.array(message, { minLength: 1, maxLength: 5 }) },
      {
        max_tokens: fc.integer({ min: 1 }),
        temperature: fc.double({ min: 0, max: 2, noNaN: true }),
        top_p: fc.double({ min: 0, max: 1, noNaN: true }),
        frequency_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
        presence_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
        seed: fc.maxSafeInteger(),
        stop: fc.array(text, { minLength: 1, maxLength: 4 }),
        n: count,
        user: name,
        response_format: format,
        reasoning_effort: fc.constantFrom('minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
        service_tier: fc.constantFrom('auto', 'default', 'flex', 'priority', 'scale'),
        logit_bias: fc.constant({ 50256: -100 }),
        prediction: fc.constant({ type: 'content', content: 'a' }),
      },
    ),
    fc.option(toolMembers, { nil: {} }),
    fc.option(
      fc.nat(20).map((top) => ({ logprobs: true, top_logprobs: top })),
      { nil: {} },
    ),
  )
  .map((pieces) => Object.assign({}, ...pieces) as JsonObject);

const token = {
  token: text,
  logprob: fc.double({ max: 0, noNaN: true, noDefaultInfinity: true }),
  bytes: fc.option(fc.array(fc.nat(255), { maxLength: 4 })),
};
const logprobs = fc.record(
  {
    content: fc.array(
      fc.record(
        { ...token, top_logprobs: fc.array(fc.record(token, { noNullPrototype: true }), { maxLength: 2 }) },
        { noNullPrototype: true },
      ),
      { maxLength: 3 },
    ),
    refusal: fc.constant(null),
  },
  { noNullPrototype: true },
);
const annotation = fc
  .record(
    { url: fc.constant('https://a.test'), title: text, start_index: count, end_index: count },
    { noNullPrototype: true },
  )
  .map((url_citation) => ({ type: 'url_citation', url_citation }));
const answered = fc.oneof(
  fc.tuple(text, fc.array(annotation, { minLength: 1, maxLength: 2 })).map(([content, annotations]) => ({
    message: { content, refusal: null, annotations },
    finish_reason: 'stop',
  })),
  fc.tuple(text, fc.constantFrom('stop', 'length', 'content_filter')).map(([content, finish_reason]) => ({
    message: { content, refusal: null },
    finish_reason,
  })),
  fc.array(fc.oneof(call, chatCustomCall), { minLength: 1, maxLength: 3 }).map((tool_calls) => ({
    message: { content: null, refusal: null, tool_calls },
    finish_reason: 'tool_calls',
  })),
  text.map((refusal) => ({ message: { content: null, refusal }, finish_reason: 'stop' })),
);
const choice = fc
  .tuple(answered, reasoning, own, own, fc.option(logprobs))
  .map(([{ message: content, finish_reason }, thought, ofMessage, ofChoice, tokens]) => ({
    message: { role: 'assistant', ...content, ...thought, ...ofMessage },
    logprobs: tokens,
    finish_reason,
    ...ofChoice,
  }));
const usage = fc
  .tuple(
    count,
    count,
    fc.option(record({ cached_tokens: count }, { cache_write_tokens: count, audio_tokens: count }), {
      nil: undefined,
    }),
    fc.option(record({ reasoning_tokens: count }, { audio_tokens: count }), { nil: undefined }),
    own,
  )
  .map(([input, output, prompt, completion, others]) => ({
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(prompt === undefined ? {} : { prompt_tokens_details: prompt }),
    ...(completion === undefined ? {} : { completion_tokens_details: completion }),
    ...others,
  }));
const answer = record(
  {
    id: name.map((id) => `chatcmpl-${id}`),
    object: fc.constant('chat.completion'),
    created: count,
    model: name,
    choices: fc
      .array(choice, { minLength: 1, maxLength: 2 })
      .map((choices) => choices.map((one, index) => ({ index, ...one }))),
  },
  { usage, service_tier: name, system_fingerprint: name },
);

/** A part as its events between start and end, and whether parts of its kind would flow together. */
interface Written {
  readonly start: Extract<StreamEvent, { type: 'part-start' }>['content'];
  readonly deltas: readonly (
    | { readonly type: 'text-delta' | 'reasoning-delta' | 'refusal-delta'; readonly text: string }
    | { readonly type: 'arguments-delta'; readonly json: string }
    | {
        readonly type: 'signature';
        readonly signature: {
          readonly dialect: 'openai-chat' | 'anthropic-messages';
          readonly value: string;
        };
      }
  )[];
}
const signature = fc
  .constantFrom('openai-chat' as const, 'anthropic-messages' as const)
  .chain((dialect) => name.map((value) => ({ type: 'signature' as const, signature: { dialect, value } })));
const flowing = (kind: 'text' | 'refusal'): fc.Arbitrary<Written> =>
  fc.array(text, { minLength: 1, maxLength: 3 }).map((texts) => ({
    start: { type: kind },
    deltas: texts.map((piece) => ({ type: `${kind}-delta` as const, text: piece })),
  }));
const written: fc.Arbitrary<Written> = fc.oneof(
  flowing('text'),
  flowing('refusal'),
  fc.tuple(fc.array(text, { minLength: 1, maxLength: 3 }), signature).map(([texts, proof]) => ({
    start: { type: 'reasoning' as const },
    deltas: [...texts.map((piece) => ({ type: 'reasoning-delta' as const, text: piece })), proof],
  })),
  signature.map((proof) => ({ start: { type: 'reasoning' as const, redacted: true }, deltas: [proof] })),
  fc
    .tuple(name, fc.array(text, { minLength: 1, maxLength: 3 }), fc.option(signature, { nil: undefined }))
    .map(([called, pieces, proof]) => ({
      start: { type: 'tool-call' as const, id: 'replaced', name: called },
      deltas: [
        ...pieces.map((piece) => ({ type: 'arguments-delta' as const, json: piece })),
        ...(proof === undefined ? [] : [proof]),
      ],
    })),
  fc.string({ unit: 'binary' }).map((input) => ({
    start: { type: 'tool-call' as const, id: 'replaced', name: CUSTOM_NAME },
    deltas: [{ type: 'arguments-delta' as const, json: wrapInput(input) }],
  })),
);

/** Texts that follow one another are one part on this wire; calls stay open to the end. */
function eventsOf(parts: readonly Written[]): StreamEvent[] {
  const events: StreamEvent[] = [{ type: 'start', id: 'chatcmpl-1', model: 'm', created: 7 }];
  const open: number[] = [];
  let part = 0;
  let before: string | undefined;
  for (const { start, deltas } of parts) {
    if (start.type === before && before !== 'tool-call' && before !== 'reasoning') continue;
    before = start.type;
    const at = { choice: 0, part };
    const content = start.type === 'tool-call' ? { ...start, id: `call_${part}` } : start;
    events.push({ type: 'part-start', ...at, content });
    for (const delta of deltas) events.push({ ...delta, ...at });
    if (start.type === 'tool-call') open.push(part);
    else events.push({ type: 'part-end', ...at });
    part += 1;
  }
  events.push(...open.map((number): StreamEvent => ({ type: 'part-end', choice: 0, part: number })));
  const refused = events.some((event) => event.type === 'refusal-delta');
  const reason = open.length > 0 ? 'tool-calls' : refused ? 'refusal' : 'stop';
  events.push({ type: 'finish', choice: 0, reason }, { type: 'usage', usage: { input: 3, output: 2 } });
  return [...events, { type: 'end' }];
}

describe('a round trip through neutral terms', () => {
  it('of a request', () => {
    fc.assert(
      fc.property(request, fc.boolean(), (body, stream) => {
        const decoded = openaiChat.decodeRequest(freeze(body));
        const target = { modelId: 'm', stream, asksForUsage: false };
        const encoded = openaiChat.encodeRequest(freeze(decoded.request), target);
        expect(encoded.body).toEqual(stream ? { ...body, stream } : body);
        expect(encoded.warnings).toEqual([]);
      }),
    );
  });

  it('of a request with custom tools', () => {
    fc.assert(
      fc.property(chatCustomRequest, (body) => {
        const { request: decoded } = openaiChat.decodeRequest(freeze(body));
        const target = { modelId: KNOWS_CUSTOM, stream: false, asksForUsage: false };
        expect(openaiChat.encodeRequest(freeze(decoded), target)).toEqual({ body, warnings: [] });
      }),
    );
  });

  it('of an answer', () => {
    fc.assert(
      fc.property(answer, (body) => {
        const decoded = openaiChat.decodeAnswer(freeze(body) as JsonObject, CONTEXT);
        expect(openaiChat.encodeAnswer(freeze(decoded), CONTEXT)).toEqual(body);
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
          const encoder = openaiChat.createStreamEncoder({
            ...CONTEXT,
            memo: { ...MEMO, includeUsage: true },
          });
          const bytes = Buffer.from(events.map((event) => encoder.push(event)).join(''));
          const decoder = openaiChat.createStreamDecoder(CONTEXT);
          const edges = [
            0,
            ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
            bytes.length,
          ];
          const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          const given = [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.finish()];
          expect(joinArguments(given)).toEqual(joinArguments(events));
        },
      ),
    );
  });
});
