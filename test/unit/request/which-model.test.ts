import { describe, expect, it } from 'vitest';
import type { Forward } from '../../../src/contract/exchange.ts';
import {
  answered,
  chat,
  config,
  forwarded,
  harness,
  NOT_CALLABLE,
  sentBody,
  target,
} from './stage-harness.ts';

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

  it.each([
    ['a wildcard goes before a bare id with a slash', 'openai/gpt-oss-20b', 'openai/gpt-oss-20b'],
    ['a full id goes before everything', 'together_ai/openai/gpt-oss-20b', 'together_ai/openai/gpt-oss-20b'],
    ['an entry’s name goes before a wildcard', 'openai/house', 'groq/llama'],
    ['an alias settles a bare id of several', 'shared', 'groq/shared'],
  ])('%s', async (_, model, expected) => {
    const { send } = harness(null, {
      policy: undefined,
      targets: [
        target('together_ai/openai/gpt-oss-20b'),
        target('together_ai/shared'),
        target('groq/shared'),
        target('groq/llama', { name: 'openai/house' }),
        target('openai/*'),
      ],
      aliases: new Map([['shared', 'groq/shared']]),
      defaultTarget: undefined,
    });
    const forward = forwarded(await send({ body: chat({ model }) }));
    expect(forward.metadata['model']).toBe(expected);
    expect(forward.setHeaders).toContainEqual([':authority', `api.${expected.split('/')[0]}.test`]);
  });

  it.each([
    ['the named model', { model: 'shared' }],
    ['an inline policy', { routing_preferences: [{ name: 'n', description: 'd', models: ['shared'] }] }],
  ])('refuses a bare id of two providers, naming both: %s', async (_, more) => {
    const targets = [target('openai/shared'), target('groq/shared')];
    const answer = answered(await harness(null, { policy: undefined, targets }).send({ body: chat(more) }));
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toMatchObject({ code: 'model_not_found' });
    expect(JSON.stringify(answer.json)).toContain('openai/shared, groq/shared');
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

  it.each([
    ['/v1/chat/completions', { error: { code: 'dialect_not_supported' } }],
    ['/v1/messages', { type: 'error', error: { type: 'invalid_request_error' } }],
  ])('refuses a target that speaks nothing, in the caller’s own words: %s', async (path, expected) => {
    const targets = [target('chatgpt/nova', { paths: {}, cluster: '' })];
    const answer = answered(
      await harness(null, { policy: undefined, targets }).send({ path, body: chat({ model: 'nova' }) }),
    );
    expect(answer.status).toBe(501);
    expect(answer.json).toMatchObject(expected);
    expect(JSON.stringify(answer.json)).toContain('chatgpt/nova, a model of a provider that');
  });

  it('refuses a target of another dialect in the caller’s own', async () => {
    const answer = answered(await harness('code', NOT_CALLABLE).send({ body: chat() }));
    expect(answer.status).toBe(501);
    expect(answer.json['error']).toMatchObject({
      type: 'invalid_request_error',
      code: 'dialect_not_supported',
    });
  });
});

function sentBodyOrNamed(forward: Forward, named: string): unknown {
  return forward.body === undefined ? named : (sentBody(forward) as { model: unknown }).model;
}
