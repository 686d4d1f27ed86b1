// Whatever a client says, Bedrock is asked what AWS takes: by its own types and by what it is known to refuse.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ConversationRequest, Message } from '../../src/conversation/conversation-request.ts';
import type { Part } from '../../src/conversation/part.ts';
import { bedrockConverse } from '../../src/dialects/bedrock-converse/index.ts';
import { freeze } from '../unit/dialects/openai-chat/freeze.ts';
import { findBreaches } from '../vendors/bedrock-converse/breaches.ts';
import { SIGNATURES } from '../vendors/signatures.ts';
import { checkBody } from '../vendors/wire-schemas.ts';

const words = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '😀', '.'), maxLength: 4 });
const cache = fc.constantFrom({}, { cache: {} }, { cache: { ttl: '1h' } } as const);
const text = fc.tuple(words, cache).map(([said, kept]): Part => ({ type: 'text', text: said, ...kept }));
const media = fc.constantFrom<Part>(
  { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } },
  {
    type: 'file',
    source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
    name: 'a/b.pdf',
  },
  { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'ü' } },
);
const thought = fc.constantFrom<Part>(
  {
    type: 'reasoning',
    text: 'hm',
    signature: { dialect: 'bedrock-converse', value: SIGNATURES.bedrockConverse },
  },
  { type: 'reasoning', text: 'hm', signature: { dialect: 'gemini', value: 'g' } },
  { type: 'reasoning', text: 'hm' },
);
const callId = fc.constantFrom('call_1', 'functions.f:0', 'a b', 'x'.repeat(90), '€');
const json = fc.constantFrom('', '{}', '{"x":{"y":[1]}}');

const message = (role: Message['role'], parts: fc.Arbitrary<Part[]>): fc.Arbitrary<Message[]> =>
  parts.map((said) => [{ role, parts: said }]);
/** Calls at once and what each gave, in any order. */
const toolRound = fc
  .record({
    before: fc.array(fc.oneof(thought, text), { maxLength: 2 }),
    calls: fc.uniqueArray(fc.tuple(callId, json), { selector: ([id]) => id, minLength: 1, maxLength: 3 }),
    reversed: fc.boolean(),
    output: fc.array(
      fc.oneof(
        words.map((said): Part => ({ type: 'text', text: said })),
        media,
      ),
      { maxLength: 2 },
    ),
    isError: fc.boolean(),
  })
  .map(({ before, calls, reversed, output, isError }): Message[] => {
    const made = calls.map(([id, args]): Part => ({ type: 'tool-call', id, name: 'f', arguments: args }));
    const given = calls.map(([id]): Message => {
      const part = { type: 'tool-result', toolCallId: id, content: output, isError } as Part;
      return { role: 'tool', parts: [part] };
    });
    return [{ role: 'assistant', parts: [...before, ...made] }, ...(reversed ? given.reverse() : given)];
  });
const conversation = fc
  .array(
    fc.oneof(
      message('system', fc.array(text, { maxLength: 2 })),
      message('user', fc.array(fc.oneof(text, media), { maxLength: 3 })),
      message('assistant', fc.array(fc.oneof(thought, text), { maxLength: 2 })),
      toolRound,
    ),
    { maxLength: 5 },
  )
  // A conversation without a word is nobody's.
  .map((rounds): Message[] => [...rounds.flat(), { role: 'user', parts: [{ type: 'text', text: 'so?' }] }]);

const parameters = fc.constantFrom(
  {},
  { type: 'object' },
  { properties: { x: { type: 'integer', minimum: 1 } } },
);
const tools = fc.uniqueArray(
  fc.record({
    type: fc.constant('function' as const),
    name: fc.constantFrom('f', 'g', 'h'),
    description: words,
    parameters,
    strict: fc.boolean(),
  }),
  { selector: ({ name }) => name, maxLength: 3 },
);
const settings = fc.record(
  {
    tools,
    toolChoice: fc.constantFrom<NonNullable<ConversationRequest['toolChoice']>>(
      { type: 'auto' },
      { type: 'none' },
      { type: 'required' },
      { type: 'tools', names: ['f'] },
    ),
    parallelToolCalls: fc.boolean(),
    reasoning: fc.constantFrom<NonNullable<ConversationRequest['reasoning']>>(
      { effort: 'none' },
      { effort: 'low' },
      { effort: 'max' },
      { budgetTokens: 100 },
      { adaptive: true },
    ),
    maxTokens: fc.constantFrom(1, 500, 50_000),
    temperature: fc.constantFrom(0, 0.5, 1, 2),
    topP: fc.constantFrom(0.5, 1),
    topK: fc.constantFrom(1, 40),
    stop: fc.array(words, { maxLength: 2 }),
    user: words,
    metadata: fc.dictionary(words, words, { maxKeys: 3, noNullPrototype: true }),
    serviceTier: fc.constantFrom('auto', 'default', 'flex', 'priority', 'standard-only'),
    cache: fc.constant({}),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const model = fc.constantFrom(
  'anthropic.claude-3-5-sonnet-20241022-v2:0',
  'us.anthropic.claude-sonnet-4-20250514-v1:0',
  'us.anthropic.claude-opus-4-6-v1',
  'global.anthropic.claude-opus-5-5',
  'us.amazon.nova-2-lite-v1:0',
  'openai.gpt-oss-120b-1:0',
  'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1',
);

it('every request is one that AWS takes', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, settings, model, async (messages, more, modelId) => {
      const request = freeze({ messages, ...more }) as ConversationRequest;
      const target = { modelId, stream: false, asksForUsage: true };
      const { body } = bedrockConverse.encodeRequest(request, target);
      expect(bedrockConverse.encodeRequest(request, target).body).toEqual(body);
      // What is sent is JSON.
      const sent = JSON.parse(JSON.stringify(body)) as object;
      expect(await checkBody('BedrockConverseRequest', sent)).toEqual([]);
      expect(findBreaches(sent, modelId)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
