// Providers over TLS: one whose certificate is not right gets neither the request nor a key.

import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Authority, createAuthority } from './support/certificates.ts';
import { type FakeProvider, startFakeProvider } from './support/fake-provider.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';
import { VENDOR_ANSWERS } from './support/vendor-answers.ts';
import { listener } from './support/vendors.ts';

let gateway: RunningPointsman;
let localhost: FakeProvider;
let internal: FakeProvider;
let http2Server: http2.Http2SecureServer;
const http2Requests: http2.IncomingHttpHeaders[] = [];

beforeAll(async () => {
  const authority = createAuthority();
  const stranger = createAuthority();
  const provider = (tls: ReturnType<Authority['issue']>): Promise<FakeProvider> =>
    startFakeProvider({
      paths: { '/v1/chat/completions': 'openai-chat' },
      credential: ['authorization', `Bearer ${KEYS.openai}`],
      models: ['m'],
      host: 'models.internal.test',
      tls,
    });
  localhost = await provider(authority.issue('localhost', '127.0.0.1'));
  internal = await provider(authority.issue('models.internal.test'));
  http2Server = http2.createSecureServer({ ...authority.issue('localhost'), allowHTTP1: false });
  http2Server.on('stream', (stream, headers) => {
    http2Requests.push(headers);
    stream.resume().on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end(JSON.stringify(VENDOR_ANSWERS['openai-chat'].plain));
    });
  });
  await new Promise<void>((resolve) => http2Server.listen(0, '127.0.0.1', resolve));

  const entry = (name: string, base_url: string, tls: object | undefined, more: object = {}): object => ({
    model: `${name}/m`,
    base_url,
    provider_interface: 'openai',
    access_key: '$OPENAI_API_KEY',
    http_host: 'models.internal.test',
    ...(tls === undefined ? {} : { tls }),
    ...more,
  });
  const ca_file = authority.caFile;
  const named = (port: number): string => `https://localhost:${port}`;
  gateway = await startPointsman({
    config: {
      listeners: listener({ max_retries: 0 }),
      model_providers: [
        entry('by-name', named(localhost.port), { ca_file, sni: 'localhost' }),
        entry('by-address', localhost.url, { ca_file, sni: '127.0.0.1' }),
        entry('by-sni', internal.url, { ca_file, sni: 'models.internal.test' }),
        entry('by-host', internal.url, { ca_file }),
        entry('wrong-name', named(internal.port), { ca_file, sni: 'localhost' }),
        entry('wrong-address', internal.url, { ca_file, sni: '127.0.0.1' }),
        entry('wrong-authority', named(localhost.port), { ca_file: stranger.caFile, sni: 'localhost' }),
        entry('system-authorities', named(localhost.port), { sni: 'localhost' }),
        entry('http2', named((http2Server.address() as AddressInfo).port), { ca_file, sni: 'localhost' }),
        entry('plain-text-server', `https://127.0.0.1:${await plainPort()}`, { ca_file, sni: '127.0.0.1' }),
      ],
      routing: { engine: 'none' },
    },
  });
  return async () => {
    await gateway.stop();
    http2Server.close();
    await Promise.all([localhost.close(), internal.close(), plain?.close()]);
    for (const each of [authority, stranger]) each.remove();
  };
});

let plain: FakeProvider | undefined;
async function plainPort(): Promise<number> {
  plain = await startFakeProvider({ paths: {}, credential: undefined, models: [] });
  return plain.port;
}

const providers = (): FakeProvider[] => [localhost, internal, plain].filter((each) => each !== undefined);
beforeEach(() => {
  for (const each of providers()) each.reset();
});
afterEach(() => expect(providers().flatMap(({ violations }) => violations)).toEqual([]));

const ask = (name: string): Promise<RawResponse> =>
  send(`${gateway.url}/v1/chat/completions`, {
    body: { model: `${name}/m`, messages: [{ role: 'user', content: 'hello' }] },
  });

test.each(['by-name', 'by-address', 'by-sni', 'by-host'])(
  'a certificate of the configured authority for the right name is accepted: %s',
  async (name) => {
    expect((await ask(name)).status).toBe(200);
  },
);

test.each(['wrong-name', 'wrong-address', 'wrong-authority', 'system-authorities', 'plain-text-server'])(
  '%s is a 503, and the provider sees no request',
  async (name) => {
    const before = providers().reduce((sum, each) => sum + each.connections(), 0);
    const response = await ask(name);
    expect(response.status).toBe(503);
    expect(response.json.error).toMatchObject({ code: 'provider_unavailable' });
    expect(response.text).not.toContain(KEYS.openai);
    expect(providers().reduce((sum, each) => sum + each.connections(), 0)).toBeGreaterThan(before);
    expect(providers().flatMap(({ requests }) => requests)).toEqual([]);
  },
);

test('HTTP/2 is spoken where the provider offers it', async () => {
  expect((await ask('http2')).status).toBe(200);
  expect(http2Requests[0]).toMatchObject({
    ':authority': 'models.internal.test',
    ':path': '/v1/chat/completions',
    authorization: `Bearer ${KEYS.openai}`,
  });
});
