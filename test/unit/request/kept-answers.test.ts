// What the request stage keeps and finds again: before it routes, and before it sends anything on.

import { describe, expect, it } from 'vitest';
import type { Reaction } from '../../../src/contract/exchange.ts';
import { readPlan } from '../../../src/plan/plan.ts';
import { type ConversationStore, StoreUnavailableError } from '../../../src/store/conversation-store.ts';
import { MemoryConversations } from '../../../src/store/memory-conversations.ts';
import { readTranslation } from '../../../src/translate/translation.ts';
import {
  answered,
  config,
  forwarded,
  harness,
  headers,
  type StageHarness,
  sentBody,
  target,
} from './stage-harness.ts';

const ID = 'resp_0123456789abcdef01234567';
const UNKNOWN = `resp_${'f'.repeat(24)}`;
const ANSWER = {
  id: ID,
  status: 'completed',
  output: [
    { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Paris' }] },
  ],
};
const caller = { authorization: 'Bearer sk-caller' };

interface Kept {
  readonly conversations: ConversationStore;
  readonly keys: string[];
  readonly inputs: string[];
}

function memory(): Kept {
  const held = new MemoryConversations({ ttl: 1000, maxBytes: 100_000, maxEntries: 10, now: () => 0 });
  const keys: string[] = [];
  const inputs: string[] = [];
  return {
    keys,
    inputs,
    conversations: {
      begin(key, input) {
        keys.push(key);
        inputs.push(input.toString());
        return Promise.resolve(held.begin(key, input));
      },
      complete: (key, answer) => Promise.resolve(held.complete(key, answer)),
      find: (key) => Promise.resolve(held.find(key)),
      remove: (key) => Promise.resolve(held.remove(key)),
    },
  };
}

const AWAY: ConversationStore = {
  begin: () => Promise.resolve(false),
  complete: () => Promise.resolve(false),
  find: () => Promise.reject(new StoreUnavailableError()),
  remove: () => Promise.reject(new StoreUnavailableError()),
};

const ask = (
  one: StageHarness,
  body: object,
  more: Readonly<Record<string, string>> = caller,
): Promise<Reaction> =>
  one.send({
    path: '/v1/responses',
    headers: more,
    body: { model: 'anthropic/claude', input: 'Hi', ...body },
  });

const translationOf = (reaction: Reaction): ReturnType<typeof readTranslation> =>
  readTranslation(forwarded(reaction).metadata['translation'] ?? '');

/** One question asked by the caller, and answered. */
async function talked(): Promise<{ readonly one: StageHarness; readonly kept: Kept }> {
  const kept = memory();
  const one = harness('code', { policy: undefined }, { conversations: kept.conversations });
  await ask(one, { input: 'Capital?' });
  await kept.conversations.complete(kept.keys[0] ?? '', Buffer.from(JSON.stringify(ANSWER)));
  return { one, kept };
}

describe('what is asked', () => {
  it('is kept where the answer will be translated, and the answer is told where', async () => {
    const { kept } = await talked();
    expect(kept.inputs).toEqual(['[{"type":"message","role":"user","content":"Capital?"}]']);
    expect(kept.keys[0]).not.toContain('sk-caller');
    const reaction = await ask(harness('code', {}, { conversations: memory().conversations }), {});
    expect(translationOf(reaction).context.keepAs).toBe(kept.keys[0]);
  });

  it.each([
    ['may not be', { store: false }],
    ['is for a model that keeps it itself', { model: 'openai/gpt-4o' }],
  ])('is not kept where it %s', async (_, body) => {
    const kept = memory();
    const reaction = await ask(harness('code', { policy: undefined }, kept), body);
    expect(kept.keys).toEqual([]);
    const { translation } = forwarded(reaction).metadata;
    if (translation !== undefined) expect(readTranslation(translation).context.keepAs).toBeUndefined();
  });

  it('that cannot be kept is answered all the same, and nothing is promised', async () => {
    const reaction = await ask(harness('code', { policy: undefined }, { conversations: AWAY }), {
      store: true,
    });
    expect(translationOf(reaction).context.keepAs).toBeUndefined();
    expect(forwarded(reaction).metadata['warnings']).toContain('store');
  });

  it('is not warned about where it is kept', async () => {
    const reaction = await ask(harness('code', { policy: undefined }, memory()), { store: true });
    expect(forwarded(reaction).metadata['warnings']).toBeUndefined();
  });

  it('in a chain is planned to be kept, whoever answers', async () => {
    const kept = memory();
    const targets = [target('openai/gpt-4o'), target('anthropic/claude')];
    const route = {
      name: 'code',
      description: 'd',
      examples: [],
      models: ['openai/gpt-4o', 'anthropic/claude'],
    };
    const settings = {
      targets,
      defaultTarget: undefined,
      policy: { form: 'v0.4' as const, routes: [route] },
    };
    const reaction = await ask(harness('peek:code', settings, kept), { model: undefined });
    expect(kept.keys).toEqual([]);
    expect(readPlan(forwarded(reaction).metadata['plan'] ?? '').keepAs).toMatch(/^[\w-]{43}$/);
  });
});

describe('a request that names items of an answer', () => {
  const SEED = ID.slice('resp_'.length);
  const item = (index: number): string => `msg_${SEED}000${index}`;
  const said = (index: number, text: string): object => ({
    id: item(index),
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text }],
  });
  const named = (id: string): object => ({
    input: [
      { role: 'user', content: 'Capital?' },
      { type: 'item_reference', id },
      { role: 'user', content: 'And of Spain?' },
    ],
  });

  async function answeredTwice(): Promise<StageHarness> {
    const { one, kept } = await talked();
    const answer = { ...ANSWER, output: [said(0, 'Paris'), said(1, 'I think')] };
    await kept.conversations.complete(kept.keys[0] ?? '', Buffer.from(JSON.stringify(answer)));
    return one;
  }

  it('has them in their place, whichever it names', async () => {
    const one = await answeredTwice();
    const reaction = await ask(one, named(item(1)));
    expect(sentBody(forwarded(reaction))).toMatchObject({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Capital?' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'I think' }] },
        { role: 'user', content: [{ type: 'text', text: 'And of Spain?' }] },
      ],
    });
  });

  it("has them without our ids where they go to a vendor of the caller's dialect", async () => {
    const one = await answeredTwice();
    const reaction = await ask(one, { model: 'gpt-4o', ...named(item(0)) });
    expect(sentBody(forwarded(reaction))).toEqual({
      model: 'gpt-4o',
      input: [
        { role: 'user', content: 'Capital?' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Paris' }] },
        { role: 'user', content: 'And of Spain?' },
      ],
    });
  });

  it.each([
    ['another caller', item(0), { authorization: 'Bearer sk-another' }],
    ['items that are not there', item(7), caller],
    ["a vendor's own items", 'msg_68a1c0de5f7c8191b3e2', caller],
  ])('is refused for %s', async (_, id, credentials) => {
    const one = await answeredTwice();
    const { status, json } = answered(await ask(one, named(id), credentials));
    expect([status, json['error']]).toMatchObject([400, { param: 'input' }]);
  });
});

describe('a request that goes on from an answer', () => {
  const goOn = { input: 'And of Spain?', previous_response_id: ID };

  it('has all of it', async () => {
    const { one, kept } = await talked();
    const reaction = await ask(one, goOn);
    expect(sentBody(forwarded(reaction))).toMatchObject({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Capital?' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Paris' }] },
        { role: 'user', content: [{ type: 'text', text: 'And of Spain?' }] },
      ],
    });
    expect(translationOf(reaction).context.memo['previous_response_id']).toBe(ID);
    expect(forwarded(reaction).metadata['warnings']).toBeUndefined();
    expect(JSON.parse(kept.inputs[1] ?? '')).toHaveLength(3);
  });

  it('is routed by all of it, and so is a decision', async () => {
    const { kept } = await talked();
    const one = harness('code', {}, kept);
    const body = {
      input: [{ type: 'function_call_output', call_id: 'c', output: 'x' }],
      previous_response_id: ID,
    };
    await one.send({ path: '/routing/v1/responses', headers: caller, body });
    // Every exchange has the same seed here, and so takes the place of the answer.
    await ask(one, { ...body, model: undefined });
    const asked = one.questions.map(({ turns }) => turns.map(({ text }) => text));
    expect(asked).toEqual([['Capital?'], ['Capital?']]);
  });

  it('goes whole to a model that has the API, without the id', async () => {
    const { one } = await talked();
    const forward = forwarded(await ask(one, { ...goOn, model: 'openai/gpt-4o' }));
    expect(sentBody(forward)).toEqual({
      model: 'gpt-4o',
      input: [
        { type: 'message', role: 'user', content: 'Capital?' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Paris' }] },
        { type: 'message', role: 'user', content: 'And of Spain?' },
      ],
    });
    expect(headers(forward)['content-length']).toBe(`${forward.body?.length}`);
  });

  it('is counted whole', async () => {
    const { one } = await talked();
    const body = { ...goOn, model: 'openai/gpt-4o' };
    const path = '/v1/responses/input_tokens';
    const forward = forwarded(await one.send({ path, headers: caller, body }));
    expect((sentBody(forward) as { input: unknown[] }).input).toHaveLength(3);
    expect(sentBody(forward)).not.toHaveProperty('previous_response_id');
  });

  it.each([
    ['another', { authorization: 'Bearer sk-another' }],
    ['nobody', {}],
  ])('is refused to %s', async (_, credentials) => {
    const { one } = await talked();
    const { status, json } = answered(await ask(one, goOn, credentials as Record<string, string>));
    expect([status, json['error']]).toEqual([
      400,
      {
        message: `Previous response with id '${ID}' not found.`,
        type: 'invalid_request_error',
        param: 'previous_response_id',
        code: 'previous_response_not_found',
      },
    ]);
  });

  it('is refused before its answer is whole, and where nothing is kept', async () => {
    const kept = memory();
    const one = harness('code', { policy: undefined }, kept);
    await ask(one, {});
    expect(answered(await ask(one, goOn)).status).toBe(400);
    expect(answered(await ask(harness('code', { policy: undefined }), goOn)).json['error']).toMatchObject({
      code: 'previous_response_not_found',
    });
  });

  it('passes as it came where its own vendor may know the id', async () => {
    const { one } = await talked();
    const body = { model: 'gpt-4o', previous_response_id: UNKNOWN };
    expect(forwarded(await ask(one, body)).body).toBeUndefined();
  });

  it('is told so while the store is away, and a decision is made all the same', async () => {
    const one = harness('code', { policy: undefined }, { conversations: AWAY });
    const { status, json } = answered(await ask(one, goOn));
    expect([status, json['error']]).toMatchObject([
      503,
      { type: 'server_error', code: 'service_unavailable' },
    ]);
    expect(one.internalErrors).toEqual([]);
    const decision = await one.send({ path: '/routing/v1/responses', headers: caller, body: goOn });
    expect(answered(decision).status).toBe(200);
  });

  it('is refused where all of it is too large', async () => {
    const { kept } = await talked();
    const { listener } = config();
    const one = harness('code', { policy: undefined, listener: { ...listener, maxBodyBytes: 200 } }, kept);
    expect(answered(await ask(one, goOn)).status).toBe(413);
  });
});

describe('an answer by its id', () => {
  const get = (one: StageHarness, path: string, method = 'GET'): Promise<Reaction> =>
    one.send({ method, path, headers: caller });

  it('is what was given, and what was asked', async () => {
    const { one } = await talked();
    expect(answered(await get(one, `/v1/responses/${ID}?include[]=x`)).json).toEqual(ANSWER);
    expect(answered(await get(one, `/v1/responses/${ID}/input_items?order=asc`)).json).toMatchObject({
      object: 'list',
      data: [{ role: 'user', content: 'Capital?' }],
    });
  });

  it('is gone once it is deleted', async () => {
    const { one } = await talked();
    expect(answered(await get(one, `/v1/responses/${ID}`, 'DELETE')).json).toEqual({
      id: ID,
      object: 'response',
      deleted: true,
    });
    for (const method of ['GET', 'DELETE']) {
      const { status, json } = answered(await get(one, `/v1/responses/${ID}`, method));
      expect([status, json['error']]).toMatchObject([
        404,
        { message: `Response with id '${ID}' not found.`, type: 'invalid_request_error', code: null },
      ]);
    }
  });

  it('does not come as a stream', async () => {
    const { one } = await talked();
    expect(answered(await get(one, `/v1/responses/${ID}?stream=true`)).json['error']).toMatchObject({
      param: 'stream',
    });
  });

  it('is unknown while the store is away', async () => {
    const one = harness('code', {}, { conversations: AWAY });
    for (const method of ['GET', 'DELETE'])
      expect(answered(await get(one, `/v1/responses/${ID}`, method)).status).toBe(503);
  });

  it.each([
    ['POST', `/v1/responses/${ID}`, 405],
    ['DELETE', `/v1/responses/${ID}/input_items`, 405],
    ['POST', `/v1/responses/${ID}/cancel`, 404],
    ['GET', '/v1/responses', 405],
    ['GET', '/v1/responses/other', 404],
  ])('%s %s is refused with %i', async (method, path, status) => {
    const { one } = await talked();
    expect(answered(await get(one, path, method)).status).toBe(status);
  });
});
