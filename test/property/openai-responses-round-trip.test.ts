// What goes through the neutral model and back into the same dialect loses nothing. The bodies are in canonical form: one
// plain text is a string, tools say whether they are strict, ids of items are the gateway's own.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, FinishReason } from '../../src/conversation/answer.ts';
import { answerEvents } from '../../src/conversation/answer-events.ts';
import type { Citation, Part } from '../../src/conversation/part.ts';
import type { StreamEvent } from '../../src/conversation/stream-event.ts';
import type { AnswerContext } from '../../src/dialects/answer-context.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/json/json-value.ts';
import {
  CUSTOM_NAME,
  customCallPart,
  joinArguments,
  responsesCustomCall,
  responsesCustomTool,
  responsesResultOf,
} from './custom-tools.ts';

const SEED = '0123456789abcdef01234567';
const DIALECT = 'openai-responses';

type Body = fc.Arbitrary<JsonObject>;

const MEMO: JsonObject = { tools: [{ type: 'custom', name: CUSTOM_NAME }] };

const text = fc.string({ unit: 'grapheme' });
const filled = fc.string({ unit: 'grapheme', minLength: 1 });
const word = fc.stringMatching(/^[a-z]{1,8}$/);
const unit = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));
/** A record of which each optional member may be missing. */
const some = (members: Record<string, fc.Arbitrary<JsonValue>>, ...required: string[]): Body =>
  fc.record(members, { requiredKeys: required }) as Body;
const json = (value: JsonValue): fc.Arbitrary<JsonValue> => fc.constant(value);

/** What OpenAI holds a model to. */
const STRICT = {
  type: 'object',
  properties: { q: { type: 'string' } },
  required: ['q'],
  additionalProperties: false,
};

const inputText = some({ type: json('input_text'), text }, 'type', 'text');
const media: Body = fc.oneof(
  some(
    {
      type: json('input_image'),
      image_url: fc.constantFrom('https://a/b.png', 'data:image/png;base64,QUJD'),
      detail: fc.constantFrom('auto', 'low', 'high', 'original'),
    },
    'type',
    'image_url',
    'detail',
  ),
  some({ type: json('input_file'), file_url: json('https://a/b.pdf') }, 'type', 'file_url'),
  some({ type: json('input_file'), file_id: word, detail: json('low') }, 'type', 'file_id'),
  some(
    { type: json('input_file'), filename: word, file_data: json('data:application/pdf;base64,QUJD') },
    'type',
    'filename',
    'file_data',
  ),
);
const audio: Body = some(
  { type: json('input_audio'), input_audio: json({ data: 'QUJD', format: 'mp3' }) },
  'type',
  'input_audio',
);
const cached = inputText.map((part) => ({
  ...part,
  prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' },
}));

const listOf = (...parts: Body[]): fc.Arbitrary<JsonValue> =>
  fc
    .tuple(fc.array(inputText, { maxLength: 2 }), fc.oneof(...parts), fc.array(inputText, { maxLength: 1 }))
    .map(([before, part, after]) => [...before, part, ...after]);

const message = (...roles: string[]): Body =>
  some(
    {
      type: json('message'),
      role: fc.constantFrom(...roles),
      content: fc.oneof(text, listOf(media, audio, cached)),
      unheard: word,
    },
    'type',
    'role',
    'content',
  );

const call: Body = some(
  { type: json('function_call'), call_id: word, name: word, arguments: filled, namespace: word },
  'type',
  'call_id',
  'name',
  'arguments',
);
const result: Body = some(
  {
    type: json('function_call_output'),
    call_id: word,
    output: fc.oneof(text, listOf(media)),
    caller: json({ type: 'direct' }),
  },
  'type',
  'call_id',
  'output',
);
const reasoning: Body = fc
  .record({
    summary: fc.array(filled, { maxLength: 3 }),
    content: fc.array(text, { maxLength: 2 }),
    encrypted_content: fc.base64String(),
    id: fc.uuid(),
  })
  .map(({ summary, content, encrypted_content, id }) => ({
    type: 'reasoning',
    id: `rs_${id}`,
    summary: summary.map((piece) => ({ type: 'summary_text', text: piece })),
    ...(content.length === 0
      ? {}
      : { content: content.map((piece) => ({ type: 'reasoning_text', text: piece })) }),
    encrypted_content,
  }));
const said: Body = some(
  {
    type: json('message'),
    role: json('assistant'),
    content: fc.array(
      fc.oneof(
        some({ type: json('output_text'), text }, 'type', 'text'),
        some({ type: json('refusal'), refusal: text }, 'type', 'refusal'),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    phase: json('commentary'),
  },
  'type',
  'role',
  'content',
);
const saidBefore: Body = said.map((item) => ({ ...item, content: plainContent(item['content']) }));

/** One plain text is a string. */
function plainContent(content: JsonValue | undefined): JsonValue {
  const [only, more] = Array.isArray(content) ? content : [];
  const isPlain = isObject(only) && more === undefined && only['type'] === 'output_text';
  return (isPlain ? only['text'] : content) ?? null;
}

const foreign: Body = fc.oneof(
  some({ type: json('web_search_call'), id: word, action: json({ type: 'search' }) }, 'type', 'id', 'action'),
  some({ type: json('item_reference'), id: word }, 'type', 'id'),
  some({ type: json('computer_call_output'), call_id: word, output: json({}) }, 'type', 'call_id', 'output'),
);
/** What the model says in one turn, then what others answer. */
const turn = fc
  .tuple(
    fc.array(reasoning, { maxLength: 2 }),
    fc.array(saidBefore, { maxLength: 2 }),
    fc.array(call, { maxLength: 2 }),
    fc.array(responsesCustomCall, { maxLength: 2 }),
    fc.array(result, { maxLength: 2 }),
    fc.array(foreign, { maxLength: 1 }),
    message('user', 'system', 'developer'),
  )
  .map(([thought, texts, calls, customCalls, results, others, user]) => [
    ...thought,
    ...texts,
    ...calls,
    ...customCalls,
    ...results,
    ...customCalls.map(responsesResultOf),
    ...others,
    user,
  ]);
const input = fc
  .tuple(message('user', 'developer'), fc.array(turn, { maxLength: 3 }))
  .map(([first, turns]) => [first, ...turns.flat()]);

const tool: Body = fc.oneof(
  some(
    {
      type: json('function'),
      name: word,
      description: text,
      parameters: json(STRICT),
      strict: fc.boolean(),
      defer_loading: json(true),
    },
    'type',
    'name',
    'parameters',
    'strict',
  ),
  some({ type: json('web_search'), search_context_size: json('low') }, 'type'),
  responsesCustomTool,
);
const ENCRYPTED = 'reasoning.encrypted_content';
const LOGPROBS = 'message.output_text.logprobs';

const settings: Body = some({
  instructions: text,
  tools: fc.array(tool),
  tool_choice: fc.constantFrom<JsonValue>(
    'auto',
    'none',
    'required',
    { type: 'function', name: 'f' },
    {
      type: 'allowed_tools',
      mode: 'required',
      tools: [
        { type: 'function', name: 'f' },
        { type: 'function', name: 'g' },
      ],
    },
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp', server_label: 's' }] },
  ),
  parallel_tool_calls: fc.boolean(),
  text: fc.constantFrom<JsonValue>(
    { verbosity: 'low' },
    { format: { type: 'text' } },
    { format: { type: 'json_object' }, verbosity: 'high' },
    {
      format: { type: 'json_schema', name: 'n', schema: STRICT, description: 'd', strict: true },
    },
  ),
  max_output_tokens: fc.integer({ min: 16, max: 100_000 }),
  temperature: unit.map((value) => value * 2),
  top_p: unit,
  user: word,
  metadata: fc.dictionary(word, text),
  service_tier: fc.constantFrom('auto', 'default', 'flex', 'priority', 'scale'),
  prompt_cache_key: word,
  previous_response_id: word,
  truncation: fc.constantFrom('auto', 'disabled'),
  max_tool_calls: fc.integer({ min: 1 }),
  unheard: fc.jsonValue().filter((value) => value !== null) as fc.Arbitrary<JsonValue>,
});
/** Some choose a custom tool, which then is there. */
const asked: Body = fc.oneof(
  { weight: 4, arbitrary: settings },
  settings.map((given) => ({
    ...given,
    tools: [{ type: 'custom', name: 'c' }],
    tool_choice: { type: 'custom', name: 'c' },
  })),
);
const reasons = fc.constantFrom<JsonObject>(
  {},
  { include: [ENCRYPTED] },
  { reasoning: { effort: 'high', summary: 'auto' }, include: [ENCRYPTED] },
  { reasoning: { effort: 'low', mode: 'pro' }, include: ['file_search_call.results', ENCRYPTED] },
  { top_logprobs: 3, include: [LOGPROBS] },
  { include: ['web_search_call.action.sources'] },
);
const stored = fc.constantFrom<JsonObject>({ store: false }, { store: true }, { background: true });

describe('openai-responses', () => {
  it('requests come through whole, without a warning', () => {
    fc.assert(
      fc.property(input, asked, reasons, stored, fc.boolean(), (items, given, reason, store, stream) => {
        const streamed = stream ? { stream } : {};
        const body: JsonObject = { model: 'm', input: items, ...given, ...reason, ...store, ...streamed };
        const { request } = openaiResponses.decodeRequest(body);
        const target = { modelId: 'm', stream, asksForUsage: true };
        expect(openaiResponses.encodeRequest(request, target)).toEqual({ body, warnings: [] });
      }),
    );
  });

  const output = fc
    .array(
      fc.oneof(
        reasoning,
        call.map((item): JsonObject => ({ ...item, status: 'completed' })),
        responsesCustomCall.map((item): JsonObject => ({ ...item, status: 'completed' })),
        said.map((item): JsonObject => ({ ...item, status: 'completed' })),
        some({ type: json('web_search_call'), id: word, action: json({}) }, 'type', 'id', 'action'),
      ),
      { maxLength: 6 },
    )
    .map((items) =>
      items.filter((item, index) => item['type'] !== 'message' || items[index - 1]?.['type'] !== 'message'),
    )
    .map((items) => items.map(complete));

  it('answers come through whole', () => {
    fc.assert(
      fc.property(output, settings, text, (items, given, model) => {
        const memo: JsonObject = { ...given, ...MEMO };
        const context: AnswerContext = { seed: SEED, created: 5, model: 'm', stream: false, memo };
        const usage = { input: 3, cachedInput: 1, cacheWrite: 0, output: 4, reasoning: 2 };
        const empty = openaiResponses.encodeAnswer(
          { model, usage, choices: [{ parts: [], finishReason: 'stop' }] },
          context,
        );
        const body: JsonObject = { ...empty, output: items, moderation: { flagged: false } };
        const answer = openaiResponses.decodeAnswer(body, context);
        expect(openaiResponses.encodeAnswer(answer, context)).toEqual(body);
      }),
    );
  });

  const citation: fc.Arbitrary<Citation> = fc.oneof(
    fc.record({ url: word, title: text, start: fc.nat(), end: fc.nat() }),
    fc.record({ filename: word, file_id: word, index: fc.nat() }).map(
      (members): Citation => ({
        title: members.filename,
        vendor: { dialect: DIALECT, members: { type: 'file_citation', ...members } },
      }),
    ),
  );
  const part: fc.Arbitrary<Part> = fc.oneof(
    fc.record({ type: fc.constant('text'), text: filled }),
    fc.record({
      type: fc.constant('text'),
      text: filled,
      citations: fc.array(citation, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ type: fc.constant('refusal'), text: filled }),
    fc.record({ type: fc.constant('tool-call'), id: word, name: word, arguments: filled }),
    customCallPart,
    fc.tuple(filled, fc.uuid(), fc.base64String()).map(([said, id, value]): Part => {
      return { type: 'reasoning', text: said, id, signature: { dialect: DIALECT, value, id } };
    }),
  );
  const answer: fc.Arbitrary<Answer> = fc
    .record({
      parts: fc.array(part, { maxLength: 6 }),
      cut: fc.constantFrom<FinishReason | undefined>(undefined, undefined, 'length', 'content-filter'),
      usage: fc.record({
        input: fc.nat(),
        cachedInput: fc.nat(),
        cacheWrite: fc.nat(),
        output: fc.nat(),
        reasoning: fc.nat(),
      }),
      model: word,
    })
    .map(({ parts, cut, usage, model }): Answer => {
      const types = new Set(parts.map(({ type }) => type));
      const natural = types.has('tool-call') ? 'tool-calls' : types.has('refusal') ? 'refusal' : 'stop';
      // A call that a limit cut has ended before the limit is known.
      const reason = types.has('tool-call') ? natural : (cut ?? natural);
      const id = `resp_${SEED}`;
      return {
        id,
        model,
        created: 5,
        usage,
        serviceTier: 'auto',
        choices: [{ parts, finishReason: reason }],
      };
    });
  const context: AnswerContext = { seed: SEED, created: 5, model: 'm', stream: true, memo: MEMO };
  const encode = (events: readonly StreamEvent[]): string => {
    const encoder = openaiResponses.createStreamEncoder(context);
    return events.map((event) => encoder.push(event)).join('');
  };

  it('streams come through whole', () => {
    fc.assert(
      fc.property(answer, (whole) => {
        const events = answerEvents(whole);
        const decoder = openaiResponses.createStreamDecoder(context);
        const decoded = [...decoder.push(Buffer.from(encode(events))), ...decoder.finish()];
        expect(joinArguments(decoded)).toEqual(events);
      }),
    );
  });

  it('the last response of a stream is the plain answer', () => {
    fc.assert(
      fc.property(answer, (whole) => {
        const last = encode(answerEvents(whole)).trimEnd().split('\n').at(-1) ?? '';
        const { response } = JSON.parse(last.slice('data: '.length)) as { response: JsonObject };
        expect(response).toEqual(openaiResponses.encodeAnswer(whole, context));
      }),
    );
  });
});

/** What only an answer's items have: ids that come from the seed, and lists that are there when empty. */
function complete(item: JsonObject, index: number): JsonObject {
  const at = index.toString(16).padStart(4, '0');
  if (item['type'] === 'function_call') return { ...item, id: `fc_${SEED}${at}` };
  if (item['type'] === 'custom_tool_call') return { ...item, id: `ctc_${SEED}${at}` };
  if (item['type'] !== 'message') return item;
  const content = (item['content'] as JsonObject[]).map((part) =>
    part['type'] === 'output_text' ? { ...part, annotations: [], logprobs: [] } : part,
  );
  return { ...item, id: `msg_${SEED}${at}`, content };
}
