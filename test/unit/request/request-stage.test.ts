import { describe, expect, it } from 'vitest';
import type { Forward, Reaction, Respond } from '../../../src/contract/exchange.ts';
import { config, harness, TARGETS, type TestRequest, target } from './stage-harness.ts';

const chat = (more: object = {}): object => ({ messages: [{ role: 'user', content: 'hello' }], ...more });

function forwarded(reaction: Reaction): Forward {
  if (reaction.type !== 'forward') throw new Error(`not forwarded: ${reaction.status} ${reaction.body}`);
  return reaction;
}

function answered(reaction: Reaction): Respond & { json: Record<string, unknown> } {
  if (reaction.type !== 'respond') throw new Error('not answered');
  return { ...reaction, json: JSON.parse(reaction.body) as Record<string, unknown> };
}

const headers = (forward: Forward): Record<string, string> => Object.fromEntries(forward.setHeaders);
const sentBody = (forward: Forward): unknown => JSON.parse(Buffer.from(forward.body ?? '').toString());

describe('which model answers', () => {
  it.each([
    ['the route decides over the named model', 'reasoning', { model: 'openai/gpt-4o-mini' }, 'openai/gpt-4o'],
    ['the route decides where no model is named', 'reasoning', {}, 'openai/gpt-4o'],
    ['no match goes to the default, not to the named model', null, { model: 'gpt-4o' }, 'openai/gpt-4o-mini'],
    ['no match and no model named goes to the default', null, {}, 'openai/gpt-4o-mini'],
    ['model none counts as not named', null, { model: 'none' }, 'openai/gpt-4o-mini'],
    ['an unknown route counts as no match', 'gone', {}, 'openai/gpt-4o-mini'],
  ])('%s', async (_, route, more, expected) => {
    const forward = forwarded(await harness(route).send({ body: chat(more) }));
    expect(forward.metadata['model']).toBe(expected);
  });

  it('without a default, no match goes to the named model', async () => {
    const { send } = harness(null, { defaultTarget: undefined });
    const forward = forwarded(await send({ body: chat({ model: 'fast' }) }));
    expect(forward.metadata).toMatchObject({ model: 'openai/gpt-4o-mini', route: 'none' });
    expect(forward.metadata['reason']).toContain('no-match');
    expect(forward.metadata['reason']).toContain('model=named');
  });

  it.each([
    ['a full name', 'openai/gpt-4o', 'openai/gpt-4o'],
    ['a bare id', 'gpt-4o', 'openai/gpt-4o'],
    ['an alias', 'fast', 'openai/gpt-4o-mini'],
    ['a wildcard provider', 'groq/llama-3.3-70b', 'groq/llama-3.3-70b'],
    ['a wildcard model with a slash', 'groq/openai/gpt-oss-120b', 'groq/openai/gpt-oss-120b'],
  ])('without routes, %s resolves', async (_, model, expected) => {
    const { send, questions } = harness('code', { policy: undefined });
    const forward = forwarded(await send({ body: chat({ model }) }));
    expect(forward.metadata['model']).toBe(expected);
    expect(sentBodyOrNamed(forward, model)).toBe(expected.slice(expected.indexOf('/') + 1));
    expect(questions).toEqual([]);
  });

  it('engine none routes nothing', async () => {
    const routing = { ...config().routing, engine: 'none' } as const;
    const forward = forwarded(await harness('code', { routing }).send({ body: chat({ model: 'gpt-4o' }) }));
    expect(forward.metadata).toMatchObject({ model: 'openai/gpt-4o', reason: 'not-routed model=named' });
  });

  it.each([
    ['an unknown model, though the route would match', 'reasoning', { model: 'gpt-99' }, {}],
    ['no model, no match, no default', null, {}, { defaultTarget: undefined }],
    ['an unknown model without routes', null, { model: 'gpt-99' }, { policy: undefined }],
    ['a wildcard provider without a model', null, { model: 'groq/' }, {}],
    ['the wildcard itself', null, { model: 'groq/*' }, {}],
  ])('refuses %s', async (_, route, more, settings) => {
    const answer = answered(await harness(route, settings).send({ body: chat(more) }));
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  it('refuses a target of another dialect in the caller’s own', async () => {
    const answer = answered(await harness('code').send({ body: chat() }));
    expect(answer.status).toBe(501);
    expect(answer.json['error']).toMatchObject({
      type: 'invalid_request_error',
      code: 'dialect_not_supported',
    });
    const other = answered(await harness('reasoning').send({ path: '/v1/messages', body: chat() }));
    expect(other.json).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
});

function sentBodyOrNamed(forward: Forward, named: string): unknown {
  return forward.body === undefined ? named : (sentBody(forward) as { model: unknown }).model;
}

describe('what goes out', () => {
  it('names cluster, path, authority and key, and drops every credential of the caller', async () => {
    const request: TestRequest = {
      path: '/v1/messages?beta=true&key=caller&api_key=caller',
      headers: { authorization: 'Bearer caller', 'api-key': 'caller', 'x-goog-api-key': 'caller' },
      body: chat(),
    };
    const forward = forwarded(await harness('code').send(request));
    expect(headers(forward)).toMatchObject({
      'x-pointsman-cluster': 'anthropic',
      ':path': '/v1/messages?beta=true',
      ':authority': 'api.anthropic.test',
      'x-api-key': 'sk-ant-ours',
    });
    expect(forward.removeHeaders).toEqual(
      expect.arrayContaining(['authorization', 'api-key', 'x-goog-api-key']),
    );
    expect(JSON.stringify(forward)).not.toContain('caller');
  });

  it('sends the client’s own bytes where nothing of ours is in them', async () => {
    const forward = forwarded(await harness('reasoning').send({ body: chat({ model: 'gpt-4o' }) }));
    expect(forward.body).toBeUndefined();
    expect(headers(forward)['content-length']).toBeUndefined();
  });

  it('changes the model and removes an inline policy, nothing else, and states the length', async () => {
    const body =
      '{ "messages":[{"role":"user","content":"h\\u00e9"}], "n":12345678901234567890, "model":"x/y",' +
      ' "routing_preferences":[{"name":"a","description":"b","models":["gpt-4o"]}], "z":1.0 }';
    const { send } = harness('a', { targets: [...TARGETS, target('x/y')] });
    const forward = forwarded(await send({ body }));
    const expected =
      '{ "messages":[{"role":"user","content":"h\\u00e9"}], "n":12345678901234567890, "model":"gpt-4o", "z":1.0 }';
    expect(Buffer.from(forward.body ?? '').toString()).toBe(expected);
    expect(headers(forward)['content-length']).toBe(`${Buffer.byteLength(expected)}`);
  });

  it('keeps the caller’s credentials for a passthrough target, and sets none', async () => {
    const passthrough = target('openai/gpt-4o', { credential: { type: 'passthrough' } });
    const { send } = harness(null, { policy: undefined, targets: [passthrough], defaultTarget: undefined });
    const forward = forwarded(
      await send({ headers: { authorization: 'Bearer own' }, body: chat({ model: 'gpt-4o' }) }),
    );
    expect(forward.removeHeaders).toEqual([]);
    expect(headers(forward)['authorization']).toBeUndefined();
  });

  it('puts the model into a path that has a place for it, encoded', async () => {
    const paths = { 'openai-chat': '/openai/deployments/{model}/chat/completions?api-version=1' };
    const { send } = harness(null, {
      policy: undefined,
      targets: [target('azure/a b/c', { paths })],
      defaultTarget: undefined,
    });
    const forward = forwarded(
      await send({ path: '/v1/chat/completions?x=1', body: chat({ model: 'azure/a b/c' }) }),
    );
    expect(headers(forward)[':path']).toBe(
      '/openai/deployments/a%20b%2Fc/chat/completions?api-version=1&x=1',
    );
  });

  it('keeps a valid traceparent and makes one otherwise', async () => {
    const { send } = harness('reasoning');
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(
      headers(forwarded(await send({ headers: { traceparent }, body: chat() })))['traceparent'],
    ).toBeUndefined();
    const made = headers(forwarded(await send({ headers: { traceparent: 'nonsense' }, body: chat() })))[
      'traceparent'
    ];
    expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
});

describe('decisions', () => {
  const path = '/routing/v1/chat/completions';

  it('answers with the union of both forms and why', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = answered(await harness('code').send({ path, headers: { traceparent }, body: chat() }));
    expect(answer.json).toEqual({
      model: 'anthropic/claude',
      models: ['anthropic/claude', 'openai/gpt-4o'],
      route: 'code',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      pinned: false,
      switched: false,
      reason: 'matched engine=embedded',
      latency_ms: 1.23,
    });
  });

  it('says none in the form of the policy: "null" early, null in v0.4', async () => {
    const early = {
      routing_policy: [{ model: 'a/b', routing_preferences: [{ name: 'n', description: 'd' }] }],
    };
    const current = { routing_preferences: [{ name: 'n', description: 'd', models: ['a/b'] }] };
    const answer = async (more: object): Promise<object> =>
      answered(await harness(null).send({ path, body: chat(more) })).json;
    expect(await answer(early)).toMatchObject({ model: 'none', models: ['none'], route: 'null' });
    expect(await answer(current)).toMatchObject({ model: 'none', models: ['none'], route: null });
    expect(await answer({})).toMatchObject({ route: 'null' });
  });

  it('takes models that are not configured in an inline policy, which a proxied request may not name', async () => {
    const inline = { routing_preferences: [{ name: 'n', description: 'd', models: ['some/where'] }] };
    expect(answered(await harness('n').send({ path, body: chat(inline) })).json).toMatchObject({
      model: 'some/where',
    });
    const refused = answered(await harness('n').send({ body: chat(inline) }));
    expect(refused.status).toBe(400);
    expect(refused.json['error']).toMatchObject({ param: 'routing_preferences[0].models[0]' });
  });

  it.each([
    ['not an array', { routing_preferences: {} }, 'routing_preferences'],
    ['an entry that is no object', { routing_preferences: [1] }, 'routing_preferences[0]'],
    [
      'no name',
      { routing_preferences: [{ description: 'd', models: ['m'] }] },
      'routing_preferences[0].name',
    ],
    [
      'no models',
      { routing_preferences: [{ name: 'n', description: 'd' }] },
      'routing_preferences[0].models',
    ],
    [
      'empty models',
      { routing_preferences: [{ name: 'n', description: 'd', models: [] }] },
      'routing_preferences[0].models',
    ],
    [
      'an unknown preference',
      {
        routing_preferences: [
          { name: 'n', description: 'd', models: ['m'], selection_policy: { prefer: 'best' } },
        ],
      },
      'routing_preferences[0].selection_policy.prefer',
    ],
    ['no model (early)', { routing_policy: [{ routing_preferences: [] }] }, 'routing_policy[0].model'],
    [
      'no description (early)',
      { routing_policy: [{ model: 'm', routing_preferences: [{ name: 'n' }] }] },
      'routing_policy[0].routing_preferences[0].description',
    ],
  ])('refuses a malformed policy and names the field: %s', async (_, more, field) => {
    const answer = answered(await harness('n').send({ path, body: chat(more) }));
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toMatchObject({ code: 'InvalidRequest', details: { field } });
  });
});

describe('sessions', () => {
  const session = { 'x-model-affinity': 's' };

  it('pin their first choice and skip the router from then on', async () => {
    const first = harness('reasoning');
    forwarded(await first.send({ headers: session, body: chat() }));
    expect(first.pins.get('s')).toEqual({
      model: 'openai/gpt-4o',
      models: ['openai/gpt-4o'],
      route: 'reasoning',
    });
    const again = harness(null);
    again.pins.set('s', { model: 'openai/gpt-4o', models: ['openai/gpt-4o'], route: 'reasoning' });
    const forward = forwarded(await again.send({ headers: session, body: chat() }));
    expect(forward.metadata).toMatchObject({ model: 'openai/gpt-4o', route: 'reasoning', reason: 'pinned' });
    expect(again.questions).toEqual([]);
  });

  it('pin the default where no route matched', async () => {
    const { send, pins } = harness(null);
    forwarded(await send({ headers: session, body: chat() }));
    expect(pins.get('s')).toEqual({
      model: 'openai/gpt-4o-mini',
      models: ['openai/gpt-4o-mini'],
      route: null,
    });
  });

  it('let the first of two simultaneous requests win', async () => {
    const { send, pins, stage } = harness('reasoning');
    const won = { model: 'openai/gpt-4o-mini', models: ['openai/gpt-4o-mini'], route: null };
    const slow = send({ headers: session, body: chat() });
    pins.set('s', won);
    expect(forwarded(await slow).metadata).toMatchObject({
      model: 'openai/gpt-4o-mini',
      reason: expect.stringContaining('pinned'),
    });
    expect(stage).toBeDefined();
  });

  it('appear in a decision, which says whether it was pinned', async () => {
    const { send } = harness('code');
    const request = { path: '/routing/v1/chat/completions', headers: session, body: chat() };
    expect(answered(await send(request)).json).toMatchObject({ session_id: 's', pinned: false });
    expect(answered(await send(request)).json).toMatchObject({
      session_id: 's',
      pinned: true,
      model: 'anthropic/claude',
    });
  });

  it('do not hold a caller who names the model where nothing is routed', async () => {
    const { send, pins } = harness(null, { policy: undefined });
    forwarded(await send({ headers: session, body: chat({ model: 'gpt-4o' }) }));
    expect(pins.size).toBe(0);
  });
});

describe('the question', () => {
  it('ends with the latest user text, so that a tool loop asks what its start asked', async () => {
    const { send, questions } = harness('reasoning');
    const start = [
      { role: 'system', content: 'You are an agent.' },
      { role: 'user', content: 'Fix the bug' },
    ];
    const loop = [
      ...start,
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [{ id: '1', function: { name: 'read', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: '1', content: 'a long file' },
    ];
    await send({ body: { messages: start } });
    await send({ body: { messages: loop } });
    expect(questions[1]?.turns).toEqual(questions[0]?.turns);
    expect(questions[0]?.turns).toEqual([{ role: 'user', text: 'Fix the bug' }]);
  });

  it('is not asked where no user wrote anything', async () => {
    const { send, questions } = harness('reasoning');
    const image = [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.test/a.png' } }] },
    ];
    const forward = forwarded(await send({ body: { messages: image } }));
    expect(forward.metadata).toMatchObject({
      model: 'openai/gpt-4o-mini',
      reason: 'no-user-text model=default',
    });
    expect(questions).toEqual([]);
  });
});

describe('bad requests', () => {
  it.each([
    ['no body', {}, 400],
    ['an empty body', { body: '' }, 400],
    ['not JSON', { body: '{"messages": oops}' }, 400],
    ['cut JSON', { body: '{"messages":[{"role":"user"' }, 400],
    ['not an object', { body: '[]' }, 400],
    ['invalid UTF-8', { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, 400],
    ['messages missing', { body: {} }, 400],
    ['messages empty', { body: { messages: [] } }, 400],
    ['messages of a wrong type', { body: { messages: 'hi' } }, 400],
    ['a message that is no object', { body: { messages: ['hi'] } }, 400],
    ['a role that is no string', { body: { messages: [{ role: 1 }] } }, 400],
    ['content of a wrong type', { body: { messages: [{ role: 'user', content: 5 }] } }, 400],
    ['a content part that is no object', { body: { messages: [{ role: 'user', content: ['x'] }] } }, 400],
    ['a model of a wrong type', { body: chat({ model: 5 }) }, 400],
    ['stream of a wrong type', { body: chat({ stream: 'yes' }) }, 400],
    ['100,000 brackets', { body: `{"a":${'['.repeat(100_000)}` }, 400],
    ['another content type', { headers: { 'content-type': 'text/plain' }, body: chat() }, 415],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' }, body: chat() }, 415],
    ['a body announced as too large', { headers: { 'content-length': '1000001' }, body: chat() }, 413],
    ['a session id without end', { headers: { 'x-model-affinity': 'x'.repeat(300) }, body: chat() }, 400],
    ['GET', { method: 'GET' }, 405],
  ] satisfies [string, TestRequest, number][])('%s: a 4xx in every dialect', async (_, request, status) => {
    for (const path of ['/v1/chat/completions', '/v1/messages', '/routing/v1/chat/completions']) {
      const answer = answered(await harness('reasoning').send({ ...request, path }));
      expect(answer.status).toBe(status);
      const error = answer.json['error'] as Record<string, unknown>;
      expect(typeof error['message']).toBe('string');
      if (path === '/v1/messages') expect(answer.json['type']).toBe('error');
      else if (path.startsWith('/routing')) expect(error['code']).toBe('InvalidRequest');
      else expect(error['type']).toBe('invalid_request_error');
    }
  });

  it.each([
    ['input missing', {}],
    ['input empty', { input: '' }],
    ['input an empty list', { input: [] }],
    ['input of a wrong type', { input: 5 }],
    ['an item that is no object', { input: ['x'] }],
  ])('responses: %s', async (_, body) => {
    const answer = answered(await harness('reasoning').send({ path: '/v1/responses', body }));
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toMatchObject({ type: 'invalid_request_error' });
  });

  it('takes JSON by any of its names, and a missing type as JSON', async () => {
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/vnd.api+json',
      undefined,
    ]) {
      const head = type === undefined ? {} : { 'content-type': type };
      expect(forwarded(await harness('reasoning').send({ headers: head, body: chat() })).type).toBe(
        'forward',
      );
    }
  });

  it('answers what it does not know with 404 in the dialect that the caller reads', async () => {
    const { send } = harness(null);
    expect(answered(await send({ path: '/v2/x', body: {} })).status).toBe(404);
    expect(answered(await send({ path: '/v1/messages/count_tokens', body: {} })).json).toMatchObject({
      type: 'error',
    });
    const anthropic = answered(
      await send({ path: '/v2/x', headers: { 'anthropic-version': '2023-06-01' }, body: {} }),
    );
    expect(anthropic.json).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });
});

describe('failures of our own', () => {
  it('reach the log with their cause and the caller as "internal error"', () => {
    const { stage, internalErrors } = harness(null);
    const head = { method: 'POST', path: '/v1/messages', endOfStream: false, header: () => undefined };
    const answer = answered(stage.onFailure(head, new Error('secret detail')));
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(internalErrors).toMatchObject([{ cause: { message: 'secret detail' } }]);
  });
});

describe('GET', () => {
  it('/healthz and /v1/models', async () => {
    const { send } = harness(null);
    expect(answered(await send({ method: 'GET', path: '/healthz' })).json).toEqual({ status: 'ok' });
    const models = answered(await send({ method: 'GET', path: '/v1/models?limit=5' })).json;
    expect(models).toMatchObject({
      object: 'list',
      data: [{ id: 'openai/gpt-4o-mini', object: 'model', owned_by: 'openai' }, {}, {}, {}, { id: 'fast' }],
    });
  });
});
