// What Envoy sends our service for every piece of a translated stream: the piece, not the request again.

import http from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Behaviour, cut } from './support/fake-provider.ts';
import { commandLine, type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { CLAUDE, listener, startVendors, type Vendors } from './support/vendors.ts';

let vendors: Vendors;
let pointsman: RunningPointsman;
let adminSocket: string;

beforeAll(async () => {
  vendors = await startVendors();
  const { openai, anthropic } = vendors;
  pointsman = await startPointsman({
    config: {
      listeners: listener({ max_retries: 0 }),
      model_providers: [
        { model: 'openai/gpt-4o', base_url: openai.url, access_key: '$OPENAI_API_KEY' },
        { model: `anthropic/${CLAUDE}`, base_url: anthropic.url, access_key: '$ANTHROPIC_API_KEY' },
      ],
      failover: { back_off: { base: '10ms', max: '20ms' } },
    },
  });
  const line = pointsman.children('envoy.json').map(commandLine).join(' ');
  const file = /(\S+)\/envoy\.json/.exec(line)?.[1] ?? '';
  adminSocket = path.join(file, 'envoy-admin.sock');
}, 60_000);

afterAll(async () => {
  await pointsman.stop();
  await vendors.close();
});

const PIECES = 100;
const LARGE = 50_000;

/** So many pieces of text, each in a packet of its own. */
const manyPieces: Behaviour = async (response) => {
  const send = (value: { readonly type: string; readonly [member: string]: unknown }): void =>
    void response.write(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: CLAUDE, content: [], usage };
  send({ type: 'message_start', message });
  send({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  for (let piece = 0; piece < PIECES; piece += 1) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    send({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'la ' } });
  }
  send({ type: 'content_block_stop', index: 0 });
  send({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage });
  send({ type: 'message_stop' });
  response.end();
};

/** Bytes that Envoy has sent our service so far. */
function bytesToService(): Promise<number> {
  const name = 'cluster.pointsman.upstream_cx_tx_bytes_total';
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath: adminSocket, path: `/stats?filter=^${name}$&format=text` }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => resolve(Number(/: (\d+)/.exec(text)?.[1])));
      })
      .on('error', reject);
  });
}

async function bytesOf(models: readonly string[]): Promise<number> {
  const before = await bytesToService();
  const parameters = {
    type: 'object',
    properties: { city: { type: 'string', description: 'x'.repeat(LARGE) } },
    required: ['city'],
    additionalProperties: false,
  };
  const stream = await pointsman.openai.responses.create({
    model: models[0] ?? '',
    stream: true,
    input: 'Sing.',
    tools: [{ type: 'function', name: 'get_weather', parameters, strict: false }],
    ...({
      routing_preferences: [{ name: 'any', description: 'anything', models }],
    } as object),
  });
  let text = '';
  for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
  expect(text).toBe('la '.repeat(PIECES));
  return (await bytesToService()) - before;
}

test('a first attempt says once what its answer repeats of the request', async () => {
  vendors.anthropic.script(manyPieces);
  // The request, and its memo with the head of the answer.
  expect(await bytesOf([`anthropic/${CLAUDE}`])).toBeLessThan(4 * LARGE);
});

test('a later attempt says once what it was made from', async () => {
  vendors.openai.script(cut);
  vendors.anthropic.script(manyPieces);
  expect(await bytesOf(['openai/gpt-4o', `anthropic/${CLAUDE}`])).toBeLessThan(6 * LARGE);
});
