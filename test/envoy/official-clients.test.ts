// The official SDKs through the whole gateway: real Envoy, routes decided by the embedded router, stand-in vendors.

import type { MessageParam } from '@anthropic-ai/sdk/resources/messages';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gatedStream } from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { ANSWER_TEXT } from './support/vendor-answers.ts';
import {
  CLAUDE,
  CODE_ROUTE,
  listener,
  providersAt,
  REASONING_ROUTE,
  startVendors,
  type Vendors,
} from './support/vendors.ts';

let gateway: RunningPointsman;
let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors();
  gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing_preferences: [
        { ...CODE_ROUTE, models: ['openai/gpt-4o'] },
        { ...REASONING_ROUTE, models: [`anthropic/${CLAUDE}`] },
      ],
      routing: { engine: 'embedded' },
    },
  });
  return async () => {
    await gateway.stop();
    await vendors.close();
  };
});
beforeEach(() => vendors.reset());
afterEach(() => vendors.verify());

const CODE = 'Write a Python function that implements binary search on a sorted array';
const REASONING =
  'Explain the trade-offs between microservices and monolithic architectures, considering scalability, team structure, and operational complexity';
const CHAT_TOOL = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
} as const;

function expectDecisionHeaders(response: Response, model: string, route: string): void {
  expect(response.headers.get('x-pointsman-model')).toBe(model);
  expect(response.headers.get('x-pointsman-route')).toBe(route);
  expect(response.headers.get('x-pointsman-reason')).toMatch(
    /^(cached )?(matched|no-match) engine=embedded confidence=/,
  );
  expect(Number(response.headers.get('x-pointsman-decision-ms'))).toBeGreaterThanOrEqual(0);
}

describe('openai chat completions', () => {
  test('a plain answer comes from the matching route, and says so', async () => {
    const { data, response } = await gateway.openai.chat.completions
      .create({ model: 'none', messages: [{ role: 'user', content: CODE }] })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(ANSWER_TEXT);
    expectDecisionHeaders(response, 'openai/gpt-4o', 'code_generation');
    expect(vendors.openai.requests.map(({ body }) => body.model)).toEqual(['gpt-4o']);
  });

  test('no match is answered by the default model', async () => {
    const { data, response } = await gateway.openai.chat.completions
      .create({ model: 'none', messages: [{ role: 'user', content: 'What is the capital of France?' }] })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(ANSWER_TEXT);
    expectDecisionHeaders(response, 'openai/gpt-4o-mini', 'none');
  });

  test('a streamed answer arrives in full', async () => {
    const { data: stream, response } = await gateway.openai.chat.completions
      .create({ model: 'none', stream: true, messages: [{ role: 'user', content: CODE }] })
      .withResponse();
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe(ANSWER_TEXT);
    expectDecisionHeaders(response, 'openai/gpt-4o', 'code_generation');
  });

  test('a tool is called, and its result goes back to the same route', async () => {
    const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: CODE }];
    const first = await gateway.openai.chat.completions.create({
      model: 'none',
      messages,
      tools: [CHAT_TOOL],
    });
    const message = first.choices[0]?.message;
    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    expect(message?.tool_calls?.[0]).toMatchObject({ function: { arguments: '{"city":"Paris"}' } });
    if (message === undefined) throw new Error('no message');
    messages.push(message, { role: 'tool', tool_call_id: 'call_9xKq', content: '{"celsius":21}' });
    const second = await gateway.openai.chat.completions
      .create({ model: 'none', messages, tools: [CHAT_TOOL] })
      .withResponse();
    expect(second.data.choices[0]?.message.content).toBe(ANSWER_TEXT);
    expectDecisionHeaders(second.response, 'openai/gpt-4o', 'code_generation');
    expect(vendors.openai.requests.map(({ body }) => body.messages.length)).toEqual([1, 3]);
  });
});

describe('openai responses', () => {
  test('a plain answer', async () => {
    const { data, response } = await gateway.openai.responses
      .create({ model: 'none', input: CODE })
      .withResponse();
    expect(data.output_text).toBe(ANSWER_TEXT);
    expectDecisionHeaders(response, 'openai/gpt-4o', 'code_generation');
  });

  test('a streamed answer', async () => {
    const { data: stream, response } = await gateway.openai.responses
      .create({ model: 'none', input: [{ role: 'user', content: CODE }], stream: true })
      .withResponse();
    let text = '';
    const types = new Set<string>();
    for await (const event of stream) {
      types.add(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    expect(text).toBe(ANSWER_TEXT);
    expect([...types]).toEqual(['response.created', 'response.output_text.delta', 'response.completed']);
    expectDecisionHeaders(response, 'openai/gpt-4o', 'code_generation');
  });

  test('a tool is called, and its result is answered', async () => {
    const tools = [{ type: 'function', name: 'get_weather', parameters: {}, strict: false }] as const;
    const first = await gateway.openai.responses.create({ model: 'none', input: CODE, tools: [...tools] });
    const call = first.output[0];
    if (call?.type !== 'function_call') throw new Error(`${call?.type} is no function call`);
    expect(call.arguments).toBe('{"city":"Paris"}');
    const second = await gateway.openai.responses.create({
      model: 'none',
      tools: [...tools],
      input: [
        { role: 'user', content: CODE },
        call,
        { type: 'function_call_output', call_id: call.call_id, output: '21' },
      ],
    });
    expect(second.output_text).toBe(ANSWER_TEXT);
  });
});

describe('anthropic messages', () => {
  const question = { role: 'user', content: REASONING } as const;

  test('a plain answer comes from the matching route, and says so', async () => {
    const { data, response } = await gateway.anthropic.messages
      .create({ model: 'none', max_tokens: 100, messages: [question] })
      .withResponse();
    expect(data.content).toEqual([{ type: 'text', text: ANSWER_TEXT }]);
    expectDecisionHeaders(response, `anthropic/${CLAUDE}`, 'complex_reasoning');
    expect(vendors.anthropic.requests.map(({ body }) => body.model)).toEqual([CLAUDE]);
  });

  test('a streamed answer arrives in full', async () => {
    const stream = gateway.anthropic.messages.stream({
      model: 'none',
      max_tokens: 100,
      messages: [question],
    });
    expect(await stream.finalText()).toBe(ANSWER_TEXT);
    const { response } = await stream.withResponse();
    expectDecisionHeaders(response, `anthropic/${CLAUDE}`, 'complex_reasoning');
  });

  test('a tool is called, and its result goes back to the same route', async () => {
    const tools = [{ name: 'get_weather', input_schema: { type: 'object' as const } }];
    const messages: MessageParam[] = [question];
    const first = await gateway.anthropic.messages.create({ model: 'none', max_tokens: 9, messages, tools });
    expect(first.stop_reason).toBe('tool_use');
    expect(first.content[0]).toMatchObject({ type: 'tool_use', input: { city: 'Paris' } });
    messages.push(
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_01A09q90qw90lq', content: '21' }],
      },
    );
    const second = await gateway.anthropic.messages
      .create({ model: 'none', max_tokens: 9, messages, tools })
      .withResponse();
    expect(second.data.content).toEqual([{ type: 'text', text: ANSWER_TEXT }]);
    expectDecisionHeaders(second.response, `anthropic/${CLAUDE}`, 'complex_reasoning');
  });
});

describe('a stream is not held back', () => {
  test.each([
    ['chat completions', '/v1/chat/completions', { messages: [{ role: 'user', content: CODE }] }],
    ['responses', '/v1/responses', { input: CODE }],
    ['messages', '/v1/messages', { max_tokens: 9, messages: [{ role: 'user', content: REASONING }] }],
  ])('%s: the first event arrives before the vendor sends the second', async (_name, path, body) => {
    const gate = Promise.withResolvers<void>();
    const vendor = path === '/v1/messages' ? vendors.anthropic : vendors.openai;
    vendor.script(gatedStream(gate.promise));
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, stream: true }),
      signal: AbortSignal.timeout(10_000),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    expect(first?.value?.match(/^data: /gm)).toHaveLength(1);
    gate.resolve();
    let rest = '';
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      rest += part.value;
    expect(rest).toMatch(/\[DONE\]|response\.completed|message_stop/);
  });
});
