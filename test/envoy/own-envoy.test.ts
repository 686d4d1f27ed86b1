// An Envoy that the operator runs, with the configuration that we print, beside `up --no-envoy`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { freePort } from './support/free-port.ts';
import { configFile, type RunningPointsman, runCommand, startPointsman } from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';
import { listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';
import { waitUntil } from './support/wait.ts';

let vendors: Vendors;
let url: string;
let service: RunningPointsman;
let startService: () => Promise<RunningPointsman>;

beforeAll(async () => {
  vendors = await startVendors();
  const [port, servicePort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  const address = `127.0.0.1:${servicePort}`;
  const config = {
    listeners: listener({ port }),
    model_providers: providersAt(vendors),
    routing: { engine: 'none' },
    workers: 2,
  };
  const { file, remove } = configFile(config);
  const printed = await runCommand(['envoy', '-f', file, '--service', address]);
  const rendered = configFile(printed.stdout);
  const envoyFile = path.resolve(rendered.file);
  startService = () => startPointsman({ config, arguments: ['--no-envoy', '--listen', address] });
  service = await startService();
  const envoy = spawn(
    inject('envoyPath'),
    ['--config-path', envoyFile, '--disable-hot-restart', '--log-level', 'critical'],
    { stdio: 'ignore' },
  );
  await waitUntil(async () => (await health()) === 200, 'Envoy and the service');
  return async () => {
    envoy.kill('SIGKILL');
    await once(envoy, 'exit');
    await service.stop();
    await vendors.close();
    for (const each of [remove, rendered.remove]) each();
  };
});

const health = (): Promise<number> =>
  send(`${url}/healthz`).then(
    ({ status }) => status,
    () => 0,
  );
const ask = (requestPath = '/v1/chat/completions'): Promise<RawResponse> =>
  send(url + requestPath, {
    body: { model: 'gpt-4o', max_tokens: 9, messages: [{ role: 'user', content: 'hello' }] },
  });

test('requests are decided, forwarded and explained', async () => {
  const responses = await Promise.all(Array.from({ length: 20 }, () => ask()));
  for (const { status, headers } of responses)
    expect([status, headers['x-pointsman-model']]).toEqual([200, 'openai/gpt-4o']);
  vendors.verify();
});

test('without the service each caller is told so in its own dialect, and served again once it is back', async () => {
  await service.stop();
  const chat = await ask();
  expect([chat.status, chat.json]).toEqual([
    503,
    { error: expect.objectContaining({ code: 'gateway_unavailable', type: 'server_error' }) },
  ]);
  const messages = await ask('/v1/messages');
  expect([messages.status, messages.json]).toEqual([
    503,
    { type: 'error', error: { type: 'api_error', message: expect.stringContaining('routing service') } },
  ]);
  service = await startService();
  await waitUntil(async () => (await health()) === 200, 'the service to be found again');
  expect((await ask()).status).toBe(200);
});
