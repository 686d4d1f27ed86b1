import { afterEach, describe, expect, test } from 'vitest';
import { ArchRouter } from '../../../../src/decide/arch-router/arch-router.ts';
import {
  type Answer,
  type FakeModelServer,
  refusedUrl,
  sendJson,
  sendOllamaText,
  sendOpenAiText,
  startFakeModelServer,
} from '../fake-model-server.ts';
import { ask, ROUTES } from '../questions.ts';

const SOON = 2_000;
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(answer: Answer, path = ''): Promise<{ server: FakeModelServer; router: ArchRouter }> {
  const server = await startFakeModelServer(answer);
  return { server, router: routerAt(server.url + path, () => server.close()) };
}

function routerAt(baseUrl: string, afterwards?: () => unknown): ArchRouter {
  const router = new ArchRouter({ baseUrl, model: 'arch:q4' });
  closers.push(() => router.close(), ...(afterwards === undefined ? [] : [afterwards]));
  return router;
}

const soon = () => AbortSignal.timeout(SOON);
const failing = (failure: string) => expect.objectContaining({ name: 'RouterError', failure });

describe('over Ollama', () => {
  test('asks with constrained output, temperature 0 and a context that cannot overflow silently', async () => {
    const { server, router } = await start((response) =>
      sendOllamaText(response, '{"route": "code_generation"}'),
    );
    expect(await router.decide(ask('write quicksort'), soon())).toEqual({
      route: 'code_generation',
      scores: [],
    });
    expect(server.calls).toHaveLength(1);
    const [call] = server.calls;
    expect(call).toMatchObject({ method: 'POST', path: '/api/chat' });
    expect(call?.headers['content-type']).toBe('application/json');
    expect(call?.body.messages).toEqual([
      { role: 'user', content: expect.stringContaining('write quicksort') },
    ]);
    expect({ ...call?.body, messages: [] }).toEqual({
      model: 'arch:q4',
      messages: [],
      format: {
        type: 'object',
        properties: { route: { type: 'string', enum: ['code_generation', 'complex_reasoning', 'other'] } },
        required: ['route'],
        additionalProperties: false,
      },
      stream: false,
      keep_alive: '24h',
      truncate: false,
      shift: false,
      options: { temperature: 0, num_predict: 32, num_ctx: 4_096 },
    });
  });

  test('the context length does not depend on the conversation, only on a long list of routes', async () => {
    const { server, router } = await start((response) => sendOllamaText(response, '{"route": "other"}'));
    const routes = Array.from({ length: 100 }, (_, index) => ({
      name: `route_${index}`,
      description: 'd'.repeat(100),
      examples: [],
    }));
    await router.decide(ask('x'), soon());
    await router.decide(ask('y'.repeat(100_000)), soon());
    await router.decide({ ...ask('x'), routes }, soon());
    expect(server.calls.map((call) => call.body.options.num_ctx)).toEqual([4_096, 4_096, 8_192]);
  });

  test('leaves room to spell a long name', async () => {
    const name = '路'.repeat(30);
    const { server, router } = await start((response) =>
      sendOllamaText(response, JSON.stringify({ route: name })),
    );
    const routes = [{ name, description: 'd', examples: [] }];
    expect((await router.decide({ ...ask('x'), routes }, soon())).route).toBe(name);
    expect(server.calls[0]?.body.options.num_predict).toBe(61);
  });

  test('a path before the API is kept, a trailing slash does no harm', async () => {
    const { server, router } = await start(
      (response) => sendOllamaText(response, '{"route": null}'),
      '/ollama/',
    );
    expect(await router.decide(ask('x'), soon())).toEqual({ route: null, scores: [] });
    expect(server.calls[0]?.path).toBe('/ollama/api/chat');
  });

  test.each([
    ['fenced', '```json\n{"route": "complex_reasoning"}\n```', 'complex_reasoning'],
    ['a list', '{"route": ["complex_reasoning"]}', 'complex_reasoning'],
    ['null', '{"route": null}', null],
  ])('reads an answer that is %s', async (_name, text, route) => {
    const { router } = await start((response) => sendOllamaText(response, text));
    expect((await router.decide(ask('x'), soon())).route).toBe(route);
  });

  test.each<[string, string, Answer]>([
    ['an unknown route', 'unknown-route', (response) => sendOllamaText(response, '{"route": "cooking"}')],
    ['prose', 'bad-answer', (response) => sendOllamaText(response, 'Happy to help!')],
    ['no text', 'bad-answer', (response) => sendJson(response, { done: true })],
    ['HTML', 'bad-answer', (response) => response.end('<html><body>It works!</body></html>')],
    ['nothing', 'bad-answer', (response) => response.end()],
    ['a broken JSON body', 'bad-answer', (response) => response.end('{"message": {"content": "')],
    ['JSON of another kind', 'bad-answer', (response) => sendJson(response, [1, 2, 3])],
    ['500', 'http-error', (response) => sendJson(response, { error: 'out of memory' }, 500)],
    ['a redirect', 'http-error', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    [
      'a body cut half way',
      'bad-answer',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"message":', () => response.socket?.destroy());
      },
    ],
    [
      'a huge body',
      'bad-answer',
      (response) => {
        response.writeHead(200);
        const chunk = Buffer.alloc(65_536, 'x');
        const more = (): void => {
          if (!response.destroyed) response.write(chunk, () => setImmediate(more));
        };
        more();
      },
    ],
  ])('%s is %s', async (_name, failure, answer) => {
    const { server, router } = await start(answer);
    await expect(router.decide(ask('x'), soon())).rejects.toEqual(failing(failure));
    expect(server.calls).toHaveLength(1);
  });

  test('says which model is missing, but never what the conversation was', async () => {
    const missing = await start((response) =>
      sendJson(response, { error: "model 'arch:q4' not found" }, 404),
    );
    await expect(missing.router.decide(ask('secret'), soon())).rejects.toThrow(
      "answered 404: model 'arch:q4' not found",
    );
    const refusing = await start((response) => sendJson(response, { error: 'bad input: secret' }, 400));
    await expect(refusing.router.decide(ask('secret'), soon())).rejects.toThrow(/answered 400$/);
  });

  test('no credentials of the base URL in messages, though they are sent', async () => {
    const { server } = await start((response) => sendJson(response, {}, 401));
    const router = routerAt(server.url.replace('http://', 'http://user:pa%20ss@'));
    const error: Error = await router.decide(ask('x'), soon()).then(
      () => new Error('answered'),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ answered 401$/);
    expect(server.calls[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('user:pa ss').toString('base64')}`,
    );
  });
});

describe('over an OpenAI-compatible server', () => {
  test('a path ending in /v1 chooses it', async () => {
    const { server, router } = await start(
      (response) => sendOpenAiText(response, '{"route": "complex_reasoning"}'),
      '/v1/',
    );
    expect((await router.decide(ask('why?'), soon())).route).toBe('complex_reasoning');
    const [call] = server.calls;
    expect(call).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
    expect({ ...call?.body, messages: [] }).toEqual({
      model: 'arch:q4',
      messages: [],
      temperature: 0,
      max_tokens: 32,
      stream: false,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'route',
          strict: true,
          schema: expect.objectContaining({
            properties: {
              route: { type: 'string', enum: ['code_generation', 'complex_reasoning', 'other'] },
            },
          }),
        },
      },
    });
  });

  test('a server that refuses response_format is asked again without, and from then on', async () => {
    const { server, router } = await start((response, call) => {
      if (call.body.response_format !== undefined)
        sendJson(response, { error: { message: 'unsupported' } }, 400);
      else sendOpenAiText(response, '{"route": "code_generation"}');
    }, '/v1');
    for (let round = 0; round < 3; round++) {
      expect((await router.decide(ask('x'), soon())).route).toBe('code_generation');
    }
    expect(server.calls.map((call) => call.body.response_format !== undefined)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('a prompt that is refused either way does not turn the schema off', async () => {
    const { server, router } = await start((response, _call, index) => {
      if (index < 2) sendJson(response, { error: { message: 'too long' } }, 400);
      else sendOpenAiText(response, '{"route": "code_generation"}');
    }, '/v1');
    await expect(router.decide(ask('x'), soon())).rejects.toEqual(failing('http-error'));
    await router.decide(ask('x'), soon());
    expect(server.calls.map((call) => call.body.response_format !== undefined)).toEqual([true, false, true]);
  });

  test('an answer of another shape is bad', async () => {
    const { router } = await start((response) => sendJson(response, { choices: [] }), '/v1');
    await expect(router.decide(ask('x'), soon())).rejects.toEqual(failing('bad-answer'));
  });
});

describe('connections', () => {
  test('one connection carries many questions', async () => {
    const { server, router } = await start((response) => sendOllamaText(response, '{"route": "other"}'));
    for (let round = 0; round < 20; round++) await router.decide(ask(`q${round}`), soon());
    expect(server.calls).toHaveLength(20);
    expect(server.connections()).toBe(1);
  });

  test('an error status does not cost the connection', async () => {
    const { server, router } = await start((response) => sendJson(response, {}, 503));
    for (let round = 0; round < 3; round++) await router.decide(ask('x'), soon()).catch(() => undefined);
    expect(server.connections()).toBe(1);
  });

  test('a kept connection that turns out dead is replaced within the call', async () => {
    const { server, router } = await start((response, _call, index) => {
      if (index === 1) response.socket?.resetAndDestroy();
      else sendOllamaText(response, '{"route": "code_generation"}');
    });
    await router.decide(ask('x'), soon());
    expect((await router.decide(ask('x'), soon())).route).toBe('code_generation');
    expect(server.calls).toHaveLength(3);
    expect(server.connections()).toBe(2);
  });

  test('a server that always resets is tried twice', async () => {
    const { server, router } = await start((response) => response.socket?.resetAndDestroy());
    await expect(router.decide(ask('x'), soon())).rejects.toEqual(failing('unreachable'));
    expect(server.calls).toHaveLength(2);
  });

  test('a refused connection is known at once', async () => {
    const router = routerAt(await refusedUrl());
    await router.decide(ask('x'), soon()).catch(() => undefined);
    const begun = performance.now();
    await expect(router.decide(ask('x'), soon())).rejects.toEqual(failing('unreachable'));
    expect(performance.now() - begun).toBeLessThan(50);
  });

  test('a name that does not resolve is unreachable', async () => {
    const router = routerAt('http://model.invalid:11434');
    await expect(router.decide(ask('x'), AbortSignal.timeout(10_000))).rejects.toEqual(
      expect.objectContaining({ failure: expect.stringMatching(/^(unreachable|timeout)$/) }),
    );
  });

  test('a hanging server is left when the signal fires, and sees the connection close', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const { router } = await start((response) => response.on('close', () => resolve()));
    const begun = performance.now();
    await expect(router.decide(ask('x'), AbortSignal.timeout(60))).rejects.toEqual(failing('timeout'));
    expect(performance.now() - begun).toBeLessThan(500);
    await closed;
  });

  test('so is one that hangs in the middle of its body', async () => {
    const { router } = await start((response) => {
      response.writeHead(200);
      response.write('{"message":');
    });
    await expect(router.decide(ask('x'), AbortSignal.timeout(60))).rejects.toEqual(failing('timeout'));
  });

  test('no retry once the signal fired', async () => {
    const controller = new AbortController();
    const { server, router } = await start((response) => {
      controller.abort();
      response.socket?.resetAndDestroy();
    });
    await expect(router.decide(ask('x'), controller.signal)).rejects.toEqual(failing('timeout'));
    expect(server.calls).toHaveLength(1);
  });

  test('a retry ends with the signal too', async () => {
    const { server, router } = await start((response, _call, index) => {
      if (index === 0) setTimeout(() => response.socket?.resetAndDestroy(), 40);
    });
    const begun = performance.now();
    await expect(router.decide(ask('x'), AbortSignal.timeout(100))).rejects.toEqual(failing('timeout'));
    expect(performance.now() - begun).toBeLessThan(400);
    expect(server.calls).toHaveLength(2);
  });

  test('nothing is sent for a signal that fired before', async () => {
    const { server, router } = await start((response) => sendOllamaText(response, '{"route": "other"}'));
    await expect(router.decide(ask('x'), AbortSignal.abort())).rejects.toEqual(failing('timeout'));
    expect(server.calls).toHaveLength(0);
  });
});

describe('at start', () => {
  test('the warm-up asks with the configured routes, so that the server has their prefix', async () => {
    const { server, router } = await start((response) => sendOllamaText(response, '{"route": "cooking"}'));
    await router.warmUp(ask('hello'));
    await router.decide(ask('hello'), soon()).catch(() => undefined);
    expect(server.calls[0]?.body).toEqual(server.calls[1]?.body);
    expect(server.calls[0]?.body.messages[0].content).toContain(ROUTES[0]?.name);
  });

  test('a warm-up that fails says so', async () => {
    const { router } = await start((response) => sendJson(response, {}, 500));
    await expect(router.warmUp(ask('hello'))).rejects.toEqual(failing('http-error'));
  });

  const ollama =
    (names: readonly string[], template: string): Answer =>
    (response, call) => {
      if (call.path === '/api/tags') sendJson(response, { models: names.map((name) => ({ name })) });
      else if (call.path === '/api/show') sendJson(response, { template, modelfile: '' });
    };

  test('a healthy Ollama has no findings', async () => {
    const { server, router } = await start(
      ollama(['x:latest', 'Arch:Q4'], '<|im_start|>{{ .Prompt }}<|im_end|>'),
    );
    expect(await router.checkServer()).toEqual([]);
    expect(server.calls.map((call) => call.path)).toEqual(['/api/tags', '/api/show']);
  });

  test('a missing model comes with the command that gets it', async () => {
    const { router } = await start(ollama(['arch:q8', 'other:q4'], ''));
    expect(await router.checkServer()).toEqual(['the model is not pulled; run: ollama pull arch:q4']);
  });

  test('a model without a tag is the latest', async () => {
    const { server } = await start(ollama(['hf.co/a/b:latest'], '{{ .System }}{{ .Prompt }}'));
    const router = new ArchRouter({ baseUrl: server.url, model: 'hf.co/a/b' });
    expect(await router.checkServer()).toEqual([]);
    router.close();
  });

  test.each(['{{ .Prompt }}', '{{.Prompt}}', ' {{- .Prompt -}}\n'])(
    'the chat template %j is suspicious',
    async (template) => {
      const { router } = await start(ollama(['arch:q4'], template));
      expect(await router.checkServer()).toEqual([expect.stringContaining('no chat template')]);
    },
  );

  test('a server that is not there', async () => {
    expect(await routerAt(await refusedUrl()).checkServer()).toEqual([
      expect.stringMatching(/^no connection to 127\.0\.0\.1:\d+: ECONNREFUSED$/),
    ]);
  });

  test('a server that is something else', async () => {
    const { router } = await start((response) => response.writeHead(404).end('not found'));
    expect(await router.checkServer()).toEqual([expect.stringContaining('does not answer like Ollama')]);
  });

  test('a server that hangs', async () => {
    const { router } = await start(() => undefined);
    expect(await router.checkServer(AbortSignal.timeout(50))).toEqual([expect.stringContaining('in time')]);
  });

  test('an OpenAI-compatible server lists its models', async () => {
    const { server, router } = await start(
      (response) => sendJson(response, { data: [{ id: 'llama' }] }),
      '/v1',
    );
    expect(await router.checkServer()).toEqual([expect.stringContaining('does not list the model arch:q4')]);
    expect(server.calls[0]).toMatchObject({ method: 'GET', path: '/v1/models' });
    const silent = await start((response) => response.writeHead(404).end(), '/v1');
    expect(await silent.router.checkServer()).toEqual([]);
  });
});
