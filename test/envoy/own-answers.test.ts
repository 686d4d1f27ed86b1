// The answers that the gateway gives itself, as a client with a kept connection sees them: the connection outlives a
// refusal, not a message that is no HTTP; and a refusal after a decision says what was decided.

import net from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { send } from './support/raw-request.ts';
import { CLAUDE, listener, providersAt, startVendors } from './support/vendors.ts';

let gateway: RunningPointsman;

beforeAll(async () => {
  const vendors = await startVendors();
  gateway = await startPointsman({
    config: { listeners: listener(), model_providers: providersAt(vendors), routing: { engine: 'none' } },
  });
  return async () => {
    await gateway.stop();
    await vendors.close();
  };
});

const MESSAGES = [{ role: 'user', content: 'hello' }];

/** Everything that comes back on one connection until the other side closes it (Envoy waits a second) or is silent. */
function exchange(
  text: string,
  silence = 2_000,
): Promise<{ readonly answers: string; readonly closed: boolean }> {
  const { port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    let answers = '';
    const finish = (closed: boolean): void => {
      socket.destroy();
      resolve({ answers, closed });
    };
    const socket = net.connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.setTimeout(silence, () => finish(false));
    socket.on('data', (chunk) => {
      answers += chunk.toString('latin1');
    });
    socket.on('end', () => finish(true));
    socket.on('error', reject);
  });
}

function post(body: object, ...headers: readonly string[]): string {
  const text = JSON.stringify(body);
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    'host: x',
    'content-type: application/json',
    ...headers,
  ];
  return `${head.join('\r\n')}\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
}

const statuses = (answers: string): string[] => answers.match(/(?<=HTTP\/1\.1 )\d{3}/g) ?? [];

describe('a kept connection', () => {
  test('outlives refused requests', async () => {
    const wrong = post({ model: 'gpt-5-typo', messages: MESSAGES });
    const right = post({ model: 'gpt-4o', messages: MESSAGES });
    const { answers, closed } = await exchange(wrong + wrong + right, 500);
    expect(statuses(answers)).toEqual(['400', '400', '200']);
    expect(answers.toLowerCase()).not.toContain('connection: close');
    expect(closed).toBe(false);
  });

  const body = '{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}';
  const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
  test.each([
    ['that are no HTTP', 'hello\r\n\r\n'],
    ['with two lengths', `${head}content-length: 5\r\ncontent-length: 6\r\n\r\n${body}`],
    ['with a length that is no number', `${head}content-length: x\r\n\r\n${body}`],
    ['with length and chunks', `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['with an unknown transfer coding', `${head}transfer-encoding: gzip\r\n\r\n${body}`],
    ['with a broken chunk', `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ['with a NUL in a header', `GET /healthz HTTP/1.1\r\nhost: x\r\na: \0\r\n\r\n`],
  ])('does not outlive bytes %s', async (_what, text) => {
    const { answers, closed } = await exchange(`${text}GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n`);
    expect(statuses(answers)).not.toContain('200');
    expect(closed).toBe(true);
  });
});

test('a request without a host is refused, and its body is never taken for a request', async () => {
  const inner = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
  const head = `POST /v1/chat/completions HTTP/1.1\r\ncontent-length: ${inner.length}\r\n\r\n`;
  const whole = await exchange(head + inner, 500);
  expect(statuses(whole.answers)).toEqual(['400']);
  const cut = await exchange(head.replace(/\d+(?=\r\n\r\n)/, '1000') + inner);
  expect([statuses(cut.answers), cut.closed]).toEqual([['400'], true]);
});

test('a request that cannot be sent to its model is told which that was', async () => {
  const body = { model: CLAUDE, input: 'hello', previous_response_id: 'resp_elsewhere' };
  const { status, headers } = await send(`${gateway.url}/v1/responses`, { body });
  expect(status).toBe(400);
  expect(headers).toMatchObject({
    'x-pointsman-model': `anthropic/${CLAUDE}`,
    'x-pointsman-route': 'none',
    'x-pointsman-reason': expect.stringMatching(/^not-routed/),
    'x-pointsman-decision-ms': '0',
  });
});
