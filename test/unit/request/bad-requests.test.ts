import { describe, expect, it } from 'vitest';
import { answered, chat, forwarded, harness, type TestRequest } from './stage-harness.ts';

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
    ['a body announced as too large', { headers: { 'content-length': '8000001' }, body: chat() }, 413],
    ['a body that is too large', { body: chat({ user: 'x'.repeat(8_000_000) }) }, 413],
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
