// What the provider receives, byte by byte, and what the client gets back; at sizes that no single buffer holds.

import { createHash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { send } from './support/raw-request.ts';
import { listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';

let gateway: RunningPointsman;
let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors();
  gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing: { engine: 'none' },
    },
  });
  return async () => {
    await gateway.stop();
    await vendors.close();
  };
});
beforeEach(() => vendors.reset());
afterEach(() => vendors.verify());

/** Odd, but valid: numbers that no double holds, duplicate keys, escapes, unknown members, white space. */
const ODD_MEMBERS = `"seed":  12345678901234567890123,"temperature":1.0000000000000000001,\t"x":1e2,"x":1E+2,
 "metadata":{"a":"\\u00e9\\ud83d\\ude00\\/","b":"é😀","a":9007199254740993 , "routing_policy": "inner"},
 "messages" : [ {"role":"user","content":"caf\\u00E9 \\u2028 \\"quoted\\" <&>", "model":"inner"} ] `;

const receivedBytes = (): string => vendors.openai.requests[0]?.bytes.toString() ?? '';

test('a body whose model id stays is received exactly as it was sent', async () => {
  const body = `{ "model" : "gpt-4o" , ${ODD_MEMBERS}}\n`;
  const response = await send(`${gateway.url}/v1/chat/completions`, { body });
  expect(response.status).toBe(200);
  expect(receivedBytes()).toBe(body);
});

test('only the model id changes where the client wrote it with its provider', async () => {
  const body = (model: string): string => `{${ODD_MEMBERS}, "model":"${model}"}`;
  expect((await send(`${gateway.url}/v1/chat/completions`, { body: body('openai/gpt-4o') })).status).toBe(
    200,
  );
  expect(receivedBytes()).toBe(body('gpt-4o'));
});

test('a model id written with escapes counts as what it says', async () => {
  const body = `{"model":"gpt\\u002d4o",${ODD_MEMBERS}}`;
  expect((await send(`${gateway.url}/v1/chat/completions`, { body })).status).toBe(200);
  expect(receivedBytes()).toBe(body);
});

test('of two model members the last one decides, and no other model is left in the body', async () => {
  const body = `{"model":"gpt-4o-mini",${ODD_MEMBERS},"model":"gpt-4o"}`;
  const response = await send(`${gateway.url}/v1/chat/completions`, { body });
  expect(response.headers['x-pointsman-model']).toBe('openai/gpt-4o');
  expect(receivedBytes()).not.toContain('gpt-4o-mini');
  expect(receivedBytes()).toContain(ODD_MEMBERS.trim());
});

test('an inline policy is taken out and nothing else is touched', async () => {
  const policy = '[{"name":"r","description":"d","models":["openai/gpt-4o"]}]';
  const body = (inline: string): string => `{"model":"gpt-4o",${inline}${ODD_MEMBERS}}`;
  const response = await send(`${gateway.url}/v1/chat/completions`, {
    body: body(`"routing_preferences": ${policy},`),
  });
  expect(response.status).toBe(200);
  expect(receivedBytes()).toBe(body(''));
});

test('a missing model is added and the rest stays', async () => {
  const response = await send(`${gateway.url}/v1/chat/completions`, { body: `{${ODD_MEMBERS}}` });
  expect(response.headers['x-pointsman-model']).toBe('openai/gpt-4o-mini');
  expect(receivedBytes()).toContain(ODD_MEMBERS.trim());
  expect(vendors.openai.requests[0]?.body.model).toBe('gpt-4o-mini');
});

test('a chunked body reaches the provider with a content-length', async () => {
  const whole = Buffer.from(`{"model":"gpt-4o",${ODD_MEMBERS}}`);
  const body = [whole.subarray(0, 7), whole.subarray(7, 30), whole.subarray(30)];
  expect((await send(`${gateway.url}/v1/chat/completions`, { body })).status).toBe(200);
  expect(receivedBytes()).toBe(whole.toString());
});

test('a body cut in the middle of a character is received whole', async () => {
  const whole = Buffer.from('{"model":"openai/gpt-4o","messages":[{"role":"user","content":"é😀"}]}');
  const body = [...whole].map((byte) => Buffer.of(byte));
  expect((await send(`${gateway.url}/v1/chat/completions`, { body })).status).toBe(200);
  expect(receivedBytes()).toBe(whole.toString().replace('openai/', ''));
});

test.each(['gpt-4o', 'openai/gpt-4o'])('20 MB there and 20 MB back, model named %s', async (model) => {
  const text = 'x'.repeat(20 * 1024 * 1024);
  const answer = Buffer.alloc(20 * 1024 * 1024, 'The quick brown fox. ');
  vendors.openai.script((response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(answer);
  });
  const messages = `"messages":[{"role":"user","content":"${text}"}]}`;
  const response = await send(`${gateway.url}/v1/chat/completions`, {
    body: `{"model":"${model}",${messages}`,
  });
  expect(response.status).toBe(200);
  expect(response.body.equals(answer)).toBe(true);
  const sent = Buffer.from(`{"model":"gpt-4o",${messages}`);
  const digest = (bytes: Buffer | undefined): string =>
    createHash('sha256')
      .update(bytes ?? '')
      .digest('hex');
  expect(digest(vendors.openai.requests[0]?.bytes)).toBe(digest(sent));
});
