import { afterEach, describe, expect, test } from 'vitest';
import { ArchRouter } from '../../../../src/decide/arch-router/arch-router.ts';
import {
  type FakeModelServer,
  sendJson,
  sendOllamaText,
  sendOpenAiText,
  startFakeModelServer,
} from '../fake-model-server.ts';
import { ask } from '../questions.ts';

const ANSWER = '{"route": "code_generation"}';
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(answer: Parameters<typeof startFakeModelServer>[0]): Promise<FakeModelServer> {
  const server = await startFakeModelServer(answer);
  closers.push(() => server.close());
  return server;
}

function routerAt(baseUrl: string, accessKey?: string): ArchRouter {
  const router = new ArchRouter({ baseUrl, model: 'arch:q4', accessKey });
  closers.unshift(() => router.close());
  return router;
}

const soon = (): AbortSignal => AbortSignal.timeout(2_000);
const sentKeys = (server: FakeModelServer): unknown[] =>
  server.calls.map(({ headers }) => headers.authorization);

describe.each([
  ['Ollama', '', sendOllamaText],
  ['an OpenAI-compatible server', '/v1', sendOpenAiText],
] as const)('%s', (_, path, sendText) => {
  test('gets the key with every call, checks included', async () => {
    const server = await start((response) => sendText(response, ANSWER));
    const router = routerAt(server.url + path, 'k-123');
    await router.decide(ask('x'), soon());
    await router.checkServer(soon());
    expect(sentKeys(server)).toEqual(['Bearer k-123', 'Bearer k-123']);
  });

  test('gets none where there is none', async () => {
    const server = await start((response) => sendText(response, ANSWER));
    await routerAt(server.url + path).decide(ask('x'), soon());
    expect(sentKeys(server)).toEqual([undefined]);
  });

  test('gets the key rather than the user of its URL', async () => {
    const server = await start((response) => sendText(response, ANSWER));
    const baseUrl = server.url.replace('http://', 'http://user:password@') + path;
    await routerAt(baseUrl, 'k-123').decide(ask('x'), soon());
    await routerAt(baseUrl).decide(ask('x'), soon());
    expect(sentKeys(server)).toEqual(['Bearer k-123', expect.stringMatching(/^Basic /)]);
  });

  test('no error and no finding repeats the key', async () => {
    const server = await start((response) => sendJson(response, { error: 'bad key k-123' }, 401));
    const router = routerAt(server.url + path, 'k-123');
    const error: Error = await router.decide(ask('x'), soon()).then(
      () => new Error('answered'),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(/ answered 401$/);
    expect((await router.checkServer(soon())).join()).not.toContain('k-123');
  });
});
