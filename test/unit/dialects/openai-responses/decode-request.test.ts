import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { ConversationRequest, Message } from '../../../../src/conversation/conversation-request.ts';
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts';
import type { JsonObject, JsonValue } from '../../../../src/json/json-value.ts';
import { frozen } from './support.ts';

const decode = (body: JsonObject): ConversationRequest => openaiResponses.decodeRequest(frozen(body)).request;
const messagesOf = (input: JsonValue): readonly Message[] => decode({ input }).messages;
const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] });

describe('decodeRequest: input', () => {
  it('takes instructions as the first system message, a string as the user', () => {
    expect(decode({ model: 'm', instructions: 'be kind', input: 'hi' })).toEqual({
      messages: [{ role: 'system', parts: [{ type: 'text', text: 'be kind' }] }, user('hi')],
    });
  });

  it('keeps messages in order, easy and full form, system and developer wherever they stand', () => {
    expect(
      messagesOf([
        { role: 'developer', content: 'rules' },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        {
          type: 'message',
          id: 'msg_1',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'yes?', annotations: [] }],
        },
        { role: 'system', content: 'more rules' },
        { role: 'user', content: 'go' },
      ]),
    ).toEqual([
      { role: 'developer', parts: [{ type: 'text', text: 'rules' }] },
      user('hi'),
      { role: 'assistant', parts: [{ type: 'text', text: 'yes?' }] },
      { role: 'system', parts: [{ type: 'text', text: 'more rules' }] },
      user('go'),
    ]);
  });

  it('reads images, files and audio from every place they can be', () => {
    const content: JsonValue = [
      { type: 'input_image', image_url: 'https://a/b.png', detail: 'high' },
      { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'original' },
      { type: 'input_image', file_id: 'file-1' },
      { type: 'input_file', file_url: 'https://a/b.pdf' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' },
      { type: 'input_file', file_id: 'file-2' },
      { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
    ];
    const dialect = 'openai-responses';
    expect(messagesOf([{ role: 'user', content }])[0]?.parts).toEqual([
      { type: 'image', source: { type: 'url', url: 'https://a/b.png' }, detail: 'high' },
      {
        type: 'image',
        source: { type: 'base64', mediaType: 'image/png', data: 'QUJD' },
        vendor: { dialect, members: { detail: 'original' } },
      },
      { type: 'image', source: { type: 'file-id', dialect, id: 'file-1' } },
      { type: 'file', source: { type: 'url', url: 'https://a/b.pdf' } },
      { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'QUJD' }, name: 'a.pdf' },
      { type: 'file', source: { type: 'file-id', dialect, id: 'file-2' } },
      { type: 'audio', data: 'QUJD', mediaType: 'audio/mpeg' },
    ]);
  });

  it('makes one assistant message of what the model said in a turn, and one message of each result', () => {
    expect(
      messagesOf([
        { role: 'user', content: 'weather?' },
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [
            { type: 'summary_text', text: 'think' },
            { type: 'summary_text', text: 'more' },
          ],
          encrypted_content: 'gAAAA',
        },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        {
          type: 'function_call',
          id: 'fc_1',
          call_id: 'a',
          name: 'get',
          arguments: '{"n":12345678901234567890}',
        },
        { type: 'function_call', call_id: 'b', name: 'get', arguments: '' },
        { type: 'function_call_output', call_id: 'a', output: 'sunny' },
        {
          type: 'function_call_output',
          call_id: 'b',
          output: [
            { type: 'input_text', text: 'a map' },
            { type: 'input_image', image_url: 'data:image/png;base64,QUJD' },
          ],
        },
      ]),
    ).toEqual([
      user('weather?'),
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'think', id: 'rs_1' },
          {
            type: 'reasoning',
            text: 'more',
            id: 'rs_1',
            signature: { dialect: 'openai-responses', value: 'gAAAA', id: 'rs_1' },
          },
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', id: 'a', name: 'get', arguments: '{"n":12345678901234567890}' },
          { type: 'tool-call', id: 'b', name: 'get', arguments: '{}' },
        ],
      },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            toolCallId: 'a',
            content: [{ type: 'text', text: 'sunny' }],
            isError: false,
          },
        ],
      },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            toolCallId: 'b',
            content: [
              { type: 'text', text: 'a map' },
              { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'QUJD' } },
            ],
            isError: false,
          },
        ],
      },
    ]);
  });

  it('keeps two messages of the assistant two, and the phase of each', () => {
    const message = (text: string, phase: string): JsonObject => ({
      role: 'assistant',
      content: text,
      phase,
    });
    const vendor = (phase: string) => ({ dialect: 'openai-responses', members: { phase } });
    expect(messagesOf([message('a', 'commentary'), message('b', 'final_answer')])).toEqual([
      { role: 'assistant', parts: [{ type: 'text', text: 'a', vendor: vendor('commentary') }] },
      { role: 'assistant', parts: [{ type: 'text', text: 'b', vendor: vendor('final_answer') }] },
    ]);
  });

  it("gives another vendor's signature back as it was: of reasoning, hidden or not, and of a call", () => {
    const reasoning = (encrypted_content: string): JsonObject => ({
      type: 'reasoning',
      summary: [],
      encrypted_content,
    });
    const [message] = messagesOf([
      reasoning('pointsman.anthropic-messages.AbC='),
      reasoning('pointsman.anthropic-messages.redacted.XyZ='),
      { type: 'function_call', call_id: 'c.1', name: 'get', arguments: '{}' },
      reasoning('pointsman.openai-chat.call.3.c.1Sig=='),
    ]);
    expect(message?.parts).toEqual([
      { type: 'reasoning', text: '', signature: { dialect: 'anthropic-messages', value: 'AbC=' } },
      {
        type: 'reasoning',
        text: '',
        redacted: true,
        signature: { dialect: 'anthropic-messages', value: 'XyZ=' },
      },
      {
        type: 'tool-call',
        id: 'c.1',
        name: 'get',
        arguments: '{}',
        signature: { dialect: 'openai-chat', value: 'Sig==' },
      },
    ]);
  });

  it.each<readonly [item: JsonObject, name: string, role: Message['role']]>([
    [{ type: 'item_reference', id: 'msg_1' }, 'item_reference', 'user'],
    [{ id: 'msg_1' }, 'item_reference', 'user'],
    [{ type: 'web_search_call', id: 'ws_1', status: 'completed' }, 'web_search_call', 'assistant'],
    [{ type: 'computer_call', call_id: 'c', action: {} }, 'computer_call', 'assistant'],
    [{ type: 'computer_call_output', call_id: 'c', output: {} }, 'computer_call_output', 'user'],
    [{ type: 'mcp_approval_response', approve: true }, 'mcp_approval_response', 'user'],
    [{ role: 'user', content: [{ type: 'input_video', url: 'x' }] }, 'input_video', 'user'],
  ])('keeps as it came what only the vendor knows: %j', (item, name, role) => {
    const value = item;
    expect(messagesOf([item])).toEqual([
      { role, parts: [{ type: 'vendor', dialect: 'openai-responses', name, value }] },
    ]);
  });

  it.each<readonly [body: JsonObject, param: string]>([
    [{ input: [{ role: 'critic', content: 'x' }] }, 'input[0].role'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input[0].content[0].text'],
    [{ input: [{ role: 'user', content: [{ type: 'input_image' }] }] }, 'input[0].content[0].image_url'],
    [{ input: [{ type: 'function_call', name: 'x', arguments: '' }] }, 'input[0].call_id'],
    [{ input: [{ type: 'function_call_output', output: 'x' }] }, 'input[0].call_id'],
    [{ input: 'x', tools: [{ type: 'function' }] }, 'tools[0].name'],
    [{ input: 'x', temperature: 'hot' }, 'temperature'],
    [{ input: 'x', metadata: { a: 1 } }, 'metadata.a'],
    [{ input: 'x', text: { format: { type: 'json_schema' } } }, 'text.format.schema'],
    [{ input: 'x', text: { format: { type: 'grammar' } } }, 'text.format.type'],
    [{ input: 'x', instructions: ['a'] }, 'instructions'],
  ])('refuses %j naming %s', (body, param) => {
    expect(() => decode(body)).toThrow(
      expect.objectContaining({ constructor: GatewayError, kind: 'invalid-request', param }),
    );
  });
});

describe('decodeRequest: settings', () => {
  it('reads every setting that others know', () => {
    expect(
      decode({
        model: 'm',
        stream: true,
        input: 'x',
        temperature: 0.5,
        top_p: 0.9,
        max_output_tokens: 100,
        parallel_tool_calls: false,
        top_logprobs: 3,
        user: 'u',
        metadata: { a: 'b' },
        service_tier: 'flex',
        prompt_cache_key: 'k',
        reasoning: { effort: 'high', summary: 'auto' },
        include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
        text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
        store: false,
      }),
    ).toEqual({
      messages: [user('x')],
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 100,
      parallelToolCalls: false,
      logprobs: { top: 3 },
      user: 'u',
      metadata: { a: 'b' },
      serviceTier: 'flex',
      cacheKey: 'k',
      reasoning: { effort: 'high', summary: 'auto', visible: true },
      format: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true },
    });
  });

  it('keeps what only the vendor knows as its own, answers stored elsewhere included', () => {
    const members = {
      previous_response_id: 'resp_1',
      conversation: 'conv_1',
      background: true,
      store: true,
      truncation: 'auto',
      service_tier: 'scale',
      include: ['file_search_call.results'],
      text: { verbosity: 'low' },
      reasoning: { mode: 'pro' },
    };
    expect(decode(members)).toEqual({
      messages: [],
      vendor: { dialect: 'openai-responses', members },
      reasoning: {},
    });
  });

  it('takes null for absent', () => {
    const body = {
      input: 'x',
      tools: null,
      tool_choice: null,
      text: null,
      reasoning: null,
      user: null,
      top_p: null,
    };
    expect(decode(body)).toEqual({ messages: [user('x')] });
  });

  it('reads function tools in order, and keeps built-in ones as they came', () => {
    const search: JsonObject = { type: 'web_search', filters: { allowed_domains: ['a'] } };
    const parameters: JsonObject = { type: 'object', properties: { q: { type: 'string' } } };
    expect(
      decode({
        input: 'x',
        tools: [
          search,
          { type: 'function', name: 'f', description: 'd', parameters, strict: true, async: true },
        ],
        tool_choice: { type: 'function', name: 'f' },
      }),
    ).toMatchObject({
      tools: [
        { type: 'vendor', dialect: 'openai-responses', name: 'web_search', value: search },
        {
          type: 'function',
          name: 'f',
          description: 'd',
          parameters,
          strict: true,
          vendor: { dialect: 'openai-responses', members: { async: true } },
        },
      ],
      toolChoice: { type: 'tools', names: ['f'] },
    });
  });

  it.each<readonly [choice: JsonValue, expected: unknown]>([
    ['required', { type: 'required' }],
    [
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'function', name: 'a' },
          { type: 'function', name: 'b' },
        ],
      },
      { type: 'tools', names: ['a', 'b'] },
    ],
    [
      { type: 'allowed_tools', mode: 'auto', tools: [] },
      {
        type: 'vendor',
        dialect: 'openai-responses',
        value: { type: 'allowed_tools', mode: 'auto', tools: [] },
      },
    ],
    [{ type: 'web_search' }, { type: 'vendor', dialect: 'openai-responses', value: { type: 'web_search' } }],
  ])('reads the choice %j', (choice, expected) => {
    expect(decode({ input: 'x', tool_choice: choice }).toolChoice).toEqual(expected);
  });

  it('remembers what a response repeats', () => {
    const body = {
      model: 'm',
      stream: true,
      input: 'x',
      instructions: 'i',
      tools: [],
      top_p: 0.1,
      user: null,
    };
    expect(openaiResponses.decodeRequest(frozen(body)).memo).toEqual({
      instructions: 'i',
      tools: [],
      top_p: 0.1,
    });
  });
});
