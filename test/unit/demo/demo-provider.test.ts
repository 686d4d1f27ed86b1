// The demo provider, read by the vendors' own clients.

import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DEMO_HEADER,
  DEMO_TARGET_HEADER,
  DEMO_VARIABLE_HEADER,
  type DemoProvider,
  startDemoProvider,
} from '../../../src/demo/demo-provider.ts';

const SECRET = 'the quick brown fox is secret';
const TEXT =
  "[demo provider] This is where gpt-4o would answer; set the provider's API key to get the real one.";

let provider: DemoProvider;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  provider = await startDemoProvider({ host: '127.0.0.1', port: 0 }, { pace: 0 });
  openai = new OpenAI({ apiKey: 'none', baseURL: `${provider.address}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: 'none', baseURL: provider.address, maxRetries: 0 });
});

afterAll(() => provider.close());

describe('chat completions', () => {
  const messages = [{ role: 'user' as const, content: SECRET }];

  test('whole', async () => {
    const { data, response } = await openai.chat.completions
      .create({ model: 'gpt-4o', messages })
      .withResponse();
    expect(response.headers.get(DEMO_HEADER)).toBe('true');
    expect(data.model).toBe('gpt-4o');
    expect(data.choices[0]?.message.content).toBe(TEXT);
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect(data.usage?.prompt_tokens).toBe(10);
    expect(data.usage?.total_tokens).toBe(10 + (data.usage?.completion_tokens ?? 0));
  });

  test('streamed, with usage where asked for', async () => {
    const stream = openai.chat.completions.stream({
      model: 'gpt-4o',
      messages,
      stream_options: { include_usage: true },
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(TEXT);
    expect(final.usage?.completion_tokens).toBeGreaterThan(10);
  });

  test('streamed, without usage where not asked for', async () => {
    const chunks = [];
    for await (const chunk of await openai.chat.completions.create({ model: 'm', messages, stream: true })) {
      chunks.push(chunk);
    }
    expect(chunks.length).toBeGreaterThan(10);
    expect(chunks.filter((chunk) => chunk.usage !== undefined)).toEqual([]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  test('names the target and the variable that the gateway names', async () => {
    const completion = await openai.chat.completions.create(
      { model: 'gpt-4o', messages },
      { headers: { [DEMO_TARGET_HEADER]: 'openai/gpt-4o', [DEMO_VARIABLE_HEADER]: 'OPENAI_API_KEY' } },
    );
    expect(completion.choices[0]?.message.content).toBe(
      '[demo provider] This is where openai/gpt-4o would answer; set OPENAI_API_KEY to get the real one.',
    );
  });
});

describe('responses', () => {
  test('whole', async () => {
    const response = await openai.responses.create({ model: 'gpt-4o', input: SECRET });
    expect(response.output_text).toBe(TEXT);
    expect(response.status).toBe('completed');
    expect(response.usage?.input_tokens).toBe(8);
  });

  test('streamed', async () => {
    const stream = openai.responses.stream({ model: 'gpt-4o', input: SECRET });
    const types: string[] = [];
    const numbers: number[] = [];
    for await (const event of stream) {
      types.push(event.type);
      if ('sequence_number' in event) numbers.push(event.sequence_number);
    }
    const final = await stream.finalResponse();
    expect(final.output_text).toBe(TEXT);
    expect(final.usage?.output_tokens).toBeGreaterThan(10);
    expect(types[0]).toBe('response.created');
    expect(types.at(-1)).toBe('response.completed');
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });
});

describe('messages', () => {
  const question = {
    model: 'gpt-4o',
    max_tokens: 100,
    messages: [{ role: 'user' as const, content: SECRET }],
  };

  test('whole', async () => {
    const message = await anthropic.messages.create(question);
    expect(message.content).toEqual([{ type: 'text', text: TEXT }]);
    expect(message.stop_reason).toBe('end_turn');
    expect(message.usage.input_tokens).toBe(10);
  });

  test('streamed', async () => {
    const final = await anthropic.messages.stream(question).finalMessage();
    expect(final.content).toMatchObject([{ type: 'text', text: TEXT }]);
    expect(final.stop_reason).toBe('end_turn');
    expect(final.usage.output_tokens).toBeGreaterThan(10);
  });
});

describe('mistakes', () => {
  const send = (path: string, body: string, method = 'POST'): Promise<Response> =>
    fetch(`${provider.address}${path}`, { method, ...(method === 'POST' ? { body } : {}) });

  test.each([
    ['broken JSON', '{'],
    ['a list', '[]'],
    ['no model', '{"messages":[]}'],
    ['a number for a model', '{"model":1,"messages":[]}'],
    ['no messages', '{"model":"m"}'],
  ])('%s is a 400 in the shape of each vendor', async (_, body) => {
    const byOpenai = await send('/v1/chat/completions', body);
    expect(byOpenai.status).toBe(400);
    expect(await byOpenai.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    const byAnthropic = await send('/v1/messages', body);
    expect(byAnthropic.status).toBe(400);
    expect(await byAnthropic.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error' },
    });
  });

  test('the clients see their own error classes', async () => {
    await expect(openai.responses.create({ model: '', input: 'x' })).rejects.toBeInstanceOf(
      OpenAI.BadRequestError,
    );
    await expect(
      anthropic.messages.create({ model: '', max_tokens: 1, messages: [] }),
    ).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  test('other paths and methods are a 404', async () => {
    expect((await send('/v1/embeddings', '{}')).status).toBe(404);
    const byAnthropic = await send('/v1/messages', '', 'GET');
    expect(byAnthropic.status).toBe(404);
    expect(await byAnthropic.json()).toMatchObject({ error: { type: 'not_found_error' } });
  });

  test('nesting of 100,000 brackets is answered', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const answer = await send('/v1/chat/completions', `{"model":"m","messages":${deep}}`);
    expect([200, 400]).toContain(answer.status);
    expect((await send('/v1/messages', '{"model":"m","messages":[]}')).status).toBe(200);
  });
});

test('no answer repeats the prompt', async () => {
  const messages = [{ role: 'user', content: SECRET }];
  for (const [path, fields] of [
    ['/v1/chat/completions', { messages }],
    ['/v1/responses', { input: SECRET, instructions: SECRET }],
    ['/v1/messages', { messages, system: SECRET }],
  ] as const) {
    for (const stream of [false, true]) {
      const body = JSON.stringify({ model: 'm', stream, ...fields });
      const text = await (await fetch(provider.address + path, { method: 'POST', body })).text();
      expect(text).toContain('[demo');
      expect(text).not.toContain('fox');
    }
  }
});

test('listens on a Unix socket, replacing what an earlier run left, and ends streams when closed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pointsman-demo-'));
  const socketPath = join(directory, 'demo.sock');
  try {
    await writeFile(socketPath, '');
    const onSocket = await startDemoProvider(socketPath, { pace: 60_000 });
    const ended = new Promise<string>((resolve, reject) => {
      const sent = request({ socketPath, path: '/v1/chat/completions', method: 'POST' }, (response) => {
        response.on('data', () => void onSocket.close());
        response.on('error', () => resolve('cut'));
        response.on('end', () => resolve('end'));
      });
      sent.on('error', reject);
      sent.end('{"model":"m","messages":[],"stream":true}');
    });
    expect(await ended).toBe('cut');
    expect(existsSync(socketPath)).toBe(false);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
