// Applications of one dialect, models of another: the official SDKs through a real Envoy to vendors that check what they get.

import { describe, expect, test } from 'vitest';
import { failWith } from './support/fake-provider.ts';
import { useGateway } from './support/use-gateway.ts';
import { ANSWER_TEXT } from './support/vendor-answers.ts';
import { CLAUDE } from './support/vendors.ts';

const used = useGateway();

const CLAUDE_MODEL = `anthropic/${CLAUDE}`;
const WEATHER = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
} as const;
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('a Chat application with a Messages model', () => {
  const messages = [
    { role: 'system' as const, content: 'Be brief.' },
    { role: 'user' as const, content: 'Capital of France?' },
  ];

  test('gets a plain answer, and its vendor a request of its own', async () => {
    const { data, response } = await used.pointsman.openai.chat.completions
      .create({ model: CLAUDE_MODEL, messages, stop: 'END', temperature: 1.5, seed: 7, max_tokens: 100 })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(ANSWER_TEXT);
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect(data.usage).toMatchObject({ prompt_tokens: 14, completion_tokens: 7, total_tokens: 21 });
    expect(response.headers.get('x-pointsman-model')).toBe(CLAUDE_MODEL);
    expect(response.headers.get('x-pointsman-attempts')).toBe('1');
    expect(response.headers.get('x-pointsman-warnings')).toBe(
      'seed: not known to anthropic-messages; temperature: lowered to 1',
    );
    expect(used.vendors.anthropic.requests[0]?.body).toEqual({
      model: CLAUDE,
      max_tokens: 100,
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Capital of France?' }] }],
      temperature: 1,
      stop_sequences: ['END'],
    });
  });

  test('gets a stream, with its usage only where it asked for it', async () => {
    for (const asks of [true, false]) {
      const stream = await used.pointsman.openai.chat.completions.create({
        model: CLAUDE_MODEL,
        messages,
        stream: true,
        ...(asks ? { stream_options: { include_usage: true } } : {}),
      });
      let text = '';
      let finish: string | null | undefined;
      let usage: unknown;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage ?? usage;
      }
      expect([text, finish]).toEqual([ANSWER_TEXT, 'stop']);
      if (asks) expect(usage).toMatchObject({ prompt_tokens: 14, completion_tokens: 7 });
      else expect(usage).toBeUndefined();
    }
  });

  test('calls tools, gives their results back, and shows images', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: WEATHER } }];
    const asked = await used.pointsman.openai.chat.completions.create({
      model: CLAUDE_MODEL,
      messages,
      tools,
    });
    const call = asked.choices[0]?.message.tool_calls?.[0];
    if (call?.type !== 'function') throw new Error('no call');
    expect(asked.choices[0]?.finish_reason).toBe('tool_calls');
    expect(JSON.parse(call.function.arguments)).toEqual({ city: 'Paris' });
    const done = await used.pointsman.openai.chat.completions.create({
      model: CLAUDE_MODEL,
      tools,
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: call.id, content: '18 degrees' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'And here?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          ],
        },
      ],
    });
    expect(done.choices[0]?.message.content).toBe(ANSWER_TEXT);
    expect(used.vendors.anthropic.requests[1]?.body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Capital of France?' }] },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: call.id, name: 'get_weather', input: { city: 'Paris' } }],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: call.id, content: [{ type: 'text', text: '18 degrees' }] },
          { type: 'text', text: 'And here?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
        ],
      },
    ]);
  });

  test('is told of an error in its own words, with status and retry-after', async () => {
    used.vendors.anthropic.script(failWith(429, { 'retry-after': '7' }));
    const refused = used.pointsman.openai.chat.completions.create(
      { model: CLAUDE_MODEL, messages },
      { maxRetries: 0 },
    );
    await expect(refused).rejects.toMatchObject({
      status: 429,
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      message: '429 vendor says 429',
    });
  });

  test('is refused what must not be lost, by its name', async () => {
    const refused = used.pointsman.openai.chat.completions.create({
      model: CLAUDE_MODEL,
      messages: [
        { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }] },
      ],
    });
    await expect(refused).rejects.toMatchObject({ status: 400, param: 'messages[0].content[0]' });
    expect(used.vendors.anthropic.requests).toHaveLength(0);
  });
});

describe('a Responses application with a Messages model', () => {
  const request = { model: CLAUDE_MODEL, instructions: 'Be brief.', input: 'Capital of France?' };

  test('gets a plain answer, and its vendor a request of its own', async () => {
    const answer = await used.pointsman.openai.responses.create({ ...request, max_output_tokens: 100 });
    expect(answer.output_text).toBe(ANSWER_TEXT);
    expect(answer.status).toBe('completed');
    expect(answer.usage).toMatchObject({ input_tokens: 14, output_tokens: 7, total_tokens: 21 });
    expect(used.vendors.anthropic.requests[0]?.body).toMatchObject({
      model: CLAUDE,
      max_tokens: 100,
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Capital of France?' }] }],
    });
  });

  test('gets the whole sequence of events, numbered without a gap', async () => {
    const stream = await used.pointsman.openai.responses.create({ ...request, stream: true });
    const numbers: number[] = [];
    const types: string[] = [];
    let text = '';
    for await (const event of stream) {
      numbers.push(event.sequence_number);
      types.push(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    expect(text).toBe(ANSWER_TEXT);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(types[0]).toBe('response.created');
    expect(types.at(-1)).toBe('response.completed');
  });

  test('calls tools', async () => {
    const answer = await used.pointsman.openai.responses.create({
      ...request,
      tools: [{ type: 'function', name: 'get_weather', parameters: WEATHER, strict: false }],
    });
    const call = answer.output.at(-1);
    if (call?.type !== 'function_call') throw new Error('no call');
    expect(call.name).toBe('get_weather');
    expect(JSON.parse(call.arguments)).toEqual({ city: 'Paris' });
  });

  test('is refused a tool of its own vendor', async () => {
    const refused = used.pointsman.openai.responses.create({ ...request, tools: [{ type: 'web_search' }] });
    await expect(refused).rejects.toMatchObject({ status: 400 });
    expect(used.vendors.anthropic.requests).toHaveLength(0);
  });

  test('is told where an answer is kept that it cannot go on from', async () => {
    const refused = used.pointsman.openai.responses.create({ ...request, previous_response_id: 'resp_1' });
    await expect(refused).rejects.toMatchObject({ status: 400, param: 'previous_response_id' });
    expect(used.vendors.anthropic.requests).toHaveLength(0);
  });
});

describe('a Messages application with a Chat model', () => {
  const request = {
    model: 'openai/gpt-4o',
    max_tokens: 100,
    system: 'Be brief.',
    messages: [{ role: 'user' as const, content: 'Capital of France?' }],
  };

  test('gets a plain answer, and its vendor a request of its own', async () => {
    const answer = await used.pointsman.anthropic.messages.create({
      ...request,
      metadata: { user_id: 'u1' },
    });
    expect(answer.content).toEqual([{ type: 'text', text: ANSWER_TEXT }]);
    expect(answer.stop_reason).toBe('end_turn');
    expect(answer.usage).toMatchObject({ input_tokens: 14, output_tokens: 7 });
    expect(used.vendors.openai.requests[0]?.body).toEqual({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Capital of France?' },
      ],
      max_tokens: 100,
      user: 'u1',
    });
    expect(used.vendors.openai.requests[0]?.headers['anthropic-version']).toBeUndefined();
  });

  test('gets a stream that its SDK puts together', async () => {
    const message = await used.pointsman.anthropic.messages.stream(request).finalMessage();
    expect(message.content).toEqual([{ type: 'text', text: ANSWER_TEXT }]);
    expect(message.stop_reason).toBe('end_turn');
    expect(used.vendors.openai.requests[0]?.body.stream_options).toEqual({ include_usage: true });
  });

  test('calls tools, and never ends its turn after a call', async () => {
    const answer = await used.pointsman.anthropic.messages.create({
      ...request,
      tools: [{ name: 'get_weather', input_schema: { ...WEATHER, required: ['city'] } }],
    });
    expect(answer.stop_reason).toBe('tool_use');
    expect(answer.content.at(-1)).toMatchObject({
      type: 'tool_use',
      name: 'get_weather',
      input: { city: 'Paris' },
    });
  });

  test('is told of an error in its own words', async () => {
    used.vendors.openai.script(failWith(503));
    const refused = used.pointsman.anthropic.messages.create(request, { maxRetries: 0 });
    await expect(refused).rejects.toMatchObject({
      status: 503,
      error: { type: 'error', error: { type: 'overloaded_error' } },
    });
  });
});
