import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { ConversationRequest, Tool } from '../../../../src/conversation/conversation-request.ts';
import type { Part } from '../../../../src/conversation/part.ts';
import type { Warning } from '../../../../src/conversation/warning.ts';
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { frozen } from './support.ts';

type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool';

interface Encoded {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
}

const encode = (request: ConversationRequest, stream = false): Encoded =>
  openaiResponses.encodeRequest(frozen(request), {
    modelId: 'own-model',
    stream,
    asksForUsage: true,
  });
const say = (role: Role, ...parts: Part[]): ConversationRequest['messages'][number] => ({ role, parts });
const text = (words: string): Part => ({ type: 'text', text: words });
/** What the vendor holds a model to. */
const STRICT = { type: 'object', properties: {}, additionalProperties: false };
const hi = [say('user', text('hi'))];
const inputOf = (...messages: ConversationRequest['messages']) => encode({ messages }).body['input'];

describe('encodeRequest: input', () => {
  it('stores nothing at the provider, and says the least for the least', () => {
    expect(encode({ messages: hi }, true)).toEqual({
      body: {
        model: 'own-model',
        input: [{ type: 'message', role: 'user', content: 'hi' }],
        store: false,
        stream: true,
      },
      warnings: [],
    });
  });

  it('says the first system text as instructions, the others where they stand', () => {
    const { body } = encode({
      messages: [say('system', text('a')), say('system', text('b')), ...hi, say('developer', text('c'))],
    });
    expect(body['instructions']).toBe('a');
    expect(body['input']).toEqual([
      { type: 'message', role: 'system', content: 'b' },
      { type: 'message', role: 'user', content: 'hi' },
      { type: 'message', role: 'developer', content: 'c' },
    ]);
  });

  it('leaves something in the input where there is a system message only', () => {
    expect(inputOf(say('system', text('a')))).toEqual([{ type: 'message', role: 'system', content: 'a' }]);
  });

  it('says images, files and audio', () => {
    expect(
      inputOf(
        say(
          'user',
          text('look'),
          { type: 'image', source: { type: 'url', url: 'https://a/b.png' }, detail: 'low' },
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'QUJD' } },
          { type: 'image', source: { type: 'file-id', dialect: 'openai-responses', id: 'file-1' } },
          { type: 'file', source: { type: 'url', url: 'https://a/b.pdf' } },
          { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'QUJD' } },
          { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'é' }, name: 'e.txt' },
          { type: 'audio', data: 'QUJD', mediaType: 'audio/wav' },
        ),
      ),
    ).toEqual([
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'look' },
          { type: 'input_image', image_url: 'https://a/b.png', detail: 'low' },
          { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'auto' },
          { type: 'input_image', file_id: 'file-1', detail: 'auto' },
          { type: 'input_file', file_url: 'https://a/b.pdf' },
          { type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,QUJD' },
          { type: 'input_file', filename: 'e.txt', file_data: 'data:text/plain;base64,w6k=' },
          { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } },
        ],
      },
    ]);
  });

  it('takes an assistant message apart into items, and tool results too', () => {
    expect(
      inputOf(
        ...hi,
        say(
          'assistant',
          { type: 'reasoning', text: 'a', id: 'rs_1' },
          {
            type: 'reasoning',
            text: 'b',
            id: 'rs_1',
            signature: { dialect: 'openai-responses', value: 'gAAAA' },
          },
          text('I look.'),
          { type: 'refusal', text: 'No.' },
          { type: 'tool-call', id: 'c1', name: 'get', arguments: '{"n":12345678901234567890}' },
          { type: 'tool-call', id: 'c2', name: 'now', arguments: '' },
        ),
        say(
          'tool',
          { type: 'tool-result', toolCallId: 'c1', content: [{ type: 'text', text: 'sun' }], isError: false },
          {
            type: 'tool-result',
            toolCallId: 'c2',
            content: [
              { type: 'text', text: 'broke' },
              { type: 'image', source: { type: 'url', url: 'https://a/b.png' } },
            ],
            isError: true,
          },
        ),
      ),
    ).toEqual([
      { type: 'message', role: 'user', content: 'hi' },
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [
          { type: 'summary_text', text: 'a' },
          { type: 'summary_text', text: 'b' },
        ],
        encrypted_content: 'gAAAA',
      },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'I look.' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
      { type: 'function_call', call_id: 'c1', name: 'get', arguments: '{"n":12345678901234567890}' },
      { type: 'function_call', call_id: 'c2', name: 'now', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'sun' },
      {
        type: 'function_call_output',
        call_id: 'c2',
        output: [
          { type: 'input_text', text: 'Error: broke' },
          { type: 'input_image', image_url: 'https://a/b.png', detail: 'auto' },
        ],
      },
    ]);
  });

  it('names the item of reasoning that only its signature still knows', () => {
    const signature = { dialect: 'openai-responses', value: 'gAAAA', id: 'rs_1' } as const;
    const said = say('assistant', { type: 'reasoning', text: 'a', signature }, text('yes'));
    expect(inputOf(...hi, said)).toMatchObject([
      { type: 'message' },
      { type: 'reasoning', id: 'rs_1', encrypted_content: 'gAAAA' },
      { type: 'message' },
    ]);
  });

  it("leaves out other vendors' reasoning, and says so", () => {
    const { body, warnings } = encode({
      messages: [
        ...hi,
        say(
          'assistant',
          { type: 'reasoning', text: 'mine', signature: { dialect: 'anthropic-messages', value: 'x' } },
          text('yes'),
        ),
      ],
    });
    expect(body['input']).toEqual([
      { type: 'message', role: 'user', content: 'hi' },
      { type: 'message', role: 'assistant', content: 'yes' },
    ]);
    expect(warnings).toEqual([
      { param: 'messages[1].content[0]', message: "left out: reasoning that is not the provider's own" },
    ]);
  });

  const foreign = {
    type: 'vendor',
    dialect: 'anthropic-messages',
    name: 'server_tool_use',
    value: {},
  } as const;

  it.each<readonly [message: ConversationRequest['messages'][number], param: string]>([
    [say('user', foreign), 'messages[0].content[0]'],
    [say('assistant', text('x'), foreign), 'messages[0].content[1]'],
    [
      say('user', {
        type: 'image',
        source: { type: 'file-id', dialect: 'anthropic-messages', id: 'f' },
      }),
      'messages[0].content[0]',
    ],
    [say('user', { type: 'audio', data: '', mediaType: 'audio/ogg' }), 'messages[0].content[0]'],
    [
      say('assistant', { type: 'image', source: { type: 'url', url: 'https://a' } }),
      'messages[0].content[0]',
    ],
  ])('refuses what must not be lost: %j', (message, param) => {
    expect(() => encode({ messages: [message] })).toThrow(
      expect.objectContaining({ constructor: GatewayError, kind: 'invalid-request', param }),
    );
  });
});

describe('encodeRequest: settings', () => {
  it('says every setting that the API has', () => {
    expect(
      encode({
        messages: hi,
        parallelToolCalls: false,
        format: { type: 'json-schema', name: '', schema: STRICT, strict: true },
        reasoning: { effort: 'low', visible: true },
        maxTokens: 100,
        temperature: 1.5,
        topP: 0.5,
        logprobs: { top: 2 },
        user: 'u',
        metadata: { a: 'b' },
        serviceTier: 'standard-only',
        cacheKey: 'k',
      }),
    ).toEqual({
      body: {
        model: 'own-model',
        input: [{ type: 'message', role: 'user', content: 'hi' }],
        parallel_tool_calls: false,
        text: { format: { type: 'json_schema', name: 'answer', schema: STRICT, strict: true } },
        reasoning: { effort: 'low', summary: 'auto' },
        include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
        max_output_tokens: 100,
        temperature: 1.5,
        top_p: 0.5,
        top_logprobs: 2,
        user: 'u',
        metadata: { a: 'b' },
        service_tier: 'default',
        prompt_cache_key: 'k',
        store: false,
      },
      warnings: [],
    });
  });

  it('does not ask for a schema strictly that would be refused so', () => {
    const format = { type: 'json-schema', name: 's', schema: { type: 'object' }, strict: true } as const;
    const { body, warnings } = encode({ messages: hi, format });
    expect(body['text']).toEqual({ format: { type: 'json_schema', name: 's', schema: { type: 'object' } } });
    expect(warnings.map(({ param }) => param)).toEqual(['response_format']);
  });

  it.each<readonly [request: Partial<ConversationRequest>, warnings: readonly Warning[], body: JsonObject]>([
    [{ maxTokens: 5 }, [{ param: 'max_tokens', message: 'raised to 16' }], { max_output_tokens: 16 }],
    [{ temperature: 3 }, [{ param: 'temperature', message: 'lowered to 2' }], { temperature: 2 }],
    [{ logprobs: { top: 30 } }, [{ param: 'top_logprobs', message: 'lowered to 20' }], { top_logprobs: 20 }],
    [
      { reasoning: { budgetTokens: 9000 } },
      [{ param: 'thinking.budget_tokens', message: 'sent as effort medium' }],
      { reasoning: { effort: 'medium' } },
    ],
    [{ stop: [], answers: 1, frequencyPenalty: 0 }, [], {}],
    [
      { stop: ['x'], seed: 0, answers: 2, topK: 3, frequencyPenalty: 1, presencePenalty: 1 },
      ['stop', 'seed', 'n', 'top_k', 'frequency_penalty', 'presence_penalty'].map((param) => ({
        param,
        message: 'not known to openai-responses',
      })),
      {},
    ],
    [
      { vendor: { dialect: 'openai-chat', members: { logit_bias: {} } } },
      [{ param: 'logit_bias', message: 'not known to openai-responses' }],
      {},
    ],
    [
      {
        messages: [
          say('user', { type: 'text', text: 'a', cache: {} }, { type: 'text', text: 'b', cache: {} }),
        ],
      },
      [{ param: 'cache_control', message: 'left out: openai-responses caches by itself' }],
      {},
    ],
    [
      { tools: [{ type: 'function', name: 'f', cache: {} }] },
      [{ param: 'cache_control', message: 'left out: openai-responses caches by itself' }],
      {},
    ],
    [
      { messages: [say('system', { type: 'text', text: 'a', cache: {} }), ...hi] },
      [{ param: 'cache_control', message: 'left out: openai-responses caches by itself' }],
      { instructions: 'a' },
    ],
    [
      { messages: [{ role: 'user', name: 'ann', parts: [text('hi')] }] },
      [{ param: 'messages[0].name', message: 'not known to openai-responses' }],
      {},
    ],
  ])('warns of what %j loses', (request, warnings, body) => {
    const encoded = encode({ messages: hi, ...request });
    expect(encoded.warnings).toEqual(warnings);
    expect(encoded.body).toMatchObject(body);
  });

  it('warns of no breakpoint where the vendor caches unasked', () => {
    const messages = [say('user', { type: 'text', text: 'a', cache: {} })];
    const target = { modelId: 'gpt-5', stream: false, asksForUsage: true };
    expect(openaiResponses.encodeRequest(frozen({ messages, cache: {} }), target).warnings).toEqual([]);
  });

  it('says function tools flat, and never leaves strictness to the API', () => {
    const tools: Tool[] = [
      { type: 'vendor', dialect: 'openai-responses', name: 'web_search', value: { type: 'web_search' } },
      { type: 'function', name: 'a' },
      { type: 'function', name: 'b', description: 'd', parameters: STRICT, strict: true },
      { type: 'function', name: 'c', parameters: { type: 'object' }, strict: true },
    ];
    const { body, warnings } = encode({
      messages: hi,
      tools,
      toolChoice: { type: 'tools', names: ['a', 'b'] },
    });
    expect(body['tools']).toEqual([
      { type: 'web_search' },
      { type: 'function', name: 'a', parameters: { type: 'object', properties: {} }, strict: false },
      { type: 'function', name: 'b', description: 'd', parameters: STRICT, strict: true },
      { type: 'function', name: 'c', parameters: { type: 'object', properties: {} }, strict: false },
    ]);
    expect(warnings.map(({ param }) => param)).toEqual(['tools[3]']);
    expect(body['tool_choice']).toEqual({
      type: 'allowed_tools',
      mode: 'required',
      tools: [
        { type: 'function', name: 'a' },
        { type: 'function', name: 'b' },
      ],
    });
  });

  it.each<readonly [request: Partial<ConversationRequest>, param: string]>([
    [
      { tools: [{ type: 'vendor', dialect: 'anthropic-messages', name: 'bash_20250124', value: {} }] },
      'tools[0]',
    ],
    [{ toolChoice: { type: 'vendor', dialect: 'anthropic-messages', value: {} } }, 'tool_choice'],
  ])("refuses another vendor's tools: %j", (request, param) => {
    expect(() => encode({ messages: hi, ...request })).toThrow(
      expect.objectContaining({ constructor: GatewayError, kind: 'invalid-request', param }),
    );
  });

  it('keeps the answer of background work stored', () => {
    const vendor = { dialect: 'openai-responses', members: { background: true } } as const;
    expect(encode({ messages: hi, vendor }).body).not.toHaveProperty('store');
  });
});
