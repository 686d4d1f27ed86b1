import { describe, expect, it } from 'vitest';
import {
  answered,
  chat,
  forwarded,
  harness,
  headers,
  NOT_CALLABLE,
  TARGETS,
  type TestRequest,
  target,
} from './stage-harness.ts';

describe('what goes out', () => {
  it('names cluster, path, authority and key, and drops every credential of the caller', async () => {
    const request: TestRequest = {
      path: '/v1/messages?beta=true&key=caller&api_key=caller',
      headers: {
        authorization: 'Bearer caller',
        'api-key': 'caller',
        'x-goog-api-key': 'caller',
        'openai-organization': 'org-caller',
        'openai-project': 'proj-caller',
      },
      body: chat(),
    };
    const forward = forwarded(await harness('code').send(request));
    expect(headers(forward)).toMatchObject({
      'x-pointsman-cluster': 'anthropic/skippable',
      ':path': '/v1/messages?beta=true',
      ':authority': 'api.anthropic.test',
      'x-api-key': 'sk-ant-ours',
    });
    expect(forward.removeHeaders).toEqual(
      expect.arrayContaining([
        'authorization',
        'api-key',
        'x-goog-api-key',
        'openai-organization',
        'openai-project',
      ]),
    );
    expect(JSON.stringify(forward)).not.toContain('caller');
  });

  it('sends the client’s own bytes where nothing of ours is in them', async () => {
    const body = JSON.stringify(chat({ model: 'gpt-4o' }));
    const { send } = harness('reasoning');
    const forward = forwarded(await send({ body, headers: { 'content-length': `${body.length}` } }));
    expect(forward.body).toBeUndefined();
    expect(headers(forward)['content-length']).toBeUndefined();
    const chunked = forwarded(await send({ body }));
    expect(chunked.body).toBeUndefined();
    expect(headers(chunked)['content-length']).toBe(`${body.length}`);
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

  it('keeps the caller’s credentials for a passthrough target', async () => {
    const passthrough = target('openai/gpt-4o', { credential: { type: 'passthrough' } });
    const { send } = harness(null, { policy: undefined, targets: [passthrough], defaultTarget: undefined });
    const forward = forwarded(
      await send({
        headers: { authorization: 'Bearer own', 'openai-organization': 'org-own', 'openai-project': 'p' },
        body: chat({ model: 'gpt-4o' }),
      }),
    );
    expect(forward.removeHeaders).toEqual([]);
    expect(headers(forward)).toMatchObject({
      authorization: 'Bearer own',
      'openai-organization': 'org-own',
      'openai-project': 'p',
    });
  });

  it('names the operator’s organization in place of the caller’s', async () => {
    const named = target('openai/gpt-4o', { headers: [['openai-organization', 'org-ours']] });
    const { send } = harness(null, { policy: undefined, targets: [named], defaultTarget: undefined });
    const forward = forwarded(
      await send({ headers: { 'openai-organization': 'org-own' }, body: chat({ model: 'gpt-4o' }) }),
    );
    expect(headers(forward)['openai-organization']).toBe('org-ours');
    expect(forward.removeHeaders).not.toContain('openai-organization');
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

  it('passes over a model that cannot be told what is asked, and says so', async () => {
    const content = [
      { type: 'text', text: 'Write this down as code.' },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
    ];
    const body = chat({ messages: [{ role: 'user', content }] });
    const forward = forwarded(await harness('code').send({ body }));
    expect(headers(forward)['x-pointsman-cluster']).toBe('openai');
    expect(forward.metadata).toMatchObject({
      model: 'openai/gpt-4o',
      warnings: expect.stringMatching(
        /^model: anthropic\/claude was passed over: 'messages\[0\]\.content\[1\]' is a piece of audio/,
      ),
    });
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

describe('a request that cannot go out', () => {
  it('refers to items that only another provider has', async () => {
    const input = [
      { role: 'user', content: 'hi' },
      { type: 'item_reference', id: 'msg_1' },
      { role: 'user', content: 'and now?' },
    ];
    const { send } = harness('code', { policy: undefined });
    const asked = { path: '/v1/responses', body: { model: 'anthropic/claude', input } };
    const { status, json } = answered(await send(asked));
    expect([status, json['error']]).toMatchObject([400, { param: 'input' }]);
    expect(JSON.stringify(json)).toContain('send the items themselves');
    const own = { ...asked, body: { ...asked.body, model: 'openai/gpt-4o' } };
    expect(headers(forwarded(await send(own)))[':path']).toBe('/v1/responses');
  });

  it('is answered with where it was routed, and why', async () => {
    const answer = answered(await harness('code', NOT_CALLABLE).send({ body: chat() }));
    expect(answer.status).toBe(501);
    expect(Object.fromEntries(answer.headers)).toEqual({
      'content-type': 'application/json',
      'x-pointsman-model': 'chatgpt/gpt',
      'x-pointsman-route': 'code',
      'x-pointsman-reason': expect.stringMatching(/^matched engine=embedded/),
      'x-pointsman-decision-ms': '1.23',
    });
  });

  it('is answered with the decision where there is no model to send it to', async () => {
    const answer = answered(await harness(null, { defaultTarget: undefined }).send({ body: chat() }));
    expect(answer.status).toBe(400);
    const named = Object.fromEntries(answer.headers);
    expect(named).toMatchObject({ 'x-pointsman-route': 'none', 'x-pointsman-decision-ms': '1.23' });
    expect(named).not.toHaveProperty('x-pointsman-model');
  });

  it('says nothing of a decision where none was made', async () => {
    const answer = answered(await harness('code').send({ body: chat({ model: 'gpt-5-typo' }) }));
    expect(answer.status).toBe(400);
    expect(answer.headers.map(([name]) => name)).toEqual(['content-type']);
  });
});
