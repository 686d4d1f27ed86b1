import { describe, expect, it } from 'vitest';
import { answered, chat, harness, target } from './stage-harness.ts';

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

describe('GET', () => {
  it('/v1/models leaves out what no request can reach', async () => {
    const { send } = harness(null, {
      targets: [target('openai/gpt-4o'), target('chatgpt/nova', { paths: {} })],
    });
    const { data } = answered(await send({ method: 'GET', path: '/v1/models' })).json as {
      data: { id: string }[];
    };
    expect(data.map(({ id }) => id)).toEqual(['openai/gpt-4o', 'fast']);
  });

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
