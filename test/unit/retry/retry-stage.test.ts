// Later attempts, made in another worker than the first: nothing but what Envoy kept of the request passes between them.

import { describe, expect, test } from 'vitest';
import { servedCluster } from '../../../src/contract/cluster-names.ts';
import type { Attempt, Forward, Kept, RequestHead, RetryStage } from '../../../src/contract/exchange.ts';
import { GatewayError } from '../../../src/contract/gateway-error.ts';
import { ATTEMPT_HEADER } from '../../../src/contract/owned-headers.ts';
import { createRetryStage, type RetryStageOptions } from '../../../src/retry/retry-stage.ts';
import type { ConversationStore } from '../../../src/store/conversation-store.ts';
import { chat, config, forwarded, harness, TARGETS } from '../request/stage-harness.ts';

const [MINI, GPT, CLAUDE] = TARGETS;
const CHAIN = TARGETS.map((target) =>
  target === GPT ? { ...target, fallback: ['anthropic/claude', 'openai/gpt-4o-mini'] } : target,
);
const BODY = { ...chat(), model: 'openai/gpt-4o', stop: 'END' };

async function first(
  body: object = BODY,
  targets = CHAIN,
  headers: Readonly<Record<string, string>> = {},
): Promise<Forward> {
  const policy = undefined;
  return forwarded(await harness(null, { targets, policy }).send({ body, headers }));
}

/** Another worker: it has read the same configuration, and seen none of the request. */
function worker(parts: Partial<RetryStageOptions> = {}): RetryStage {
  return createRetryStage({
    config: config({ targets: structuredClone(CHAIN) }),
    count: () => undefined,
    onInternalError: (error) => {
      throw error;
    },
    onUnreadable: (cause) => {
      throw cause;
    },
    ...parts,
  });
}

/** What Envoy gives to the filter of the cluster that it chose: metadata, the body, and headers as the first attempt left them. */
async function attempt(
  number: number,
  cluster: string,
  { metadata, original, setHeaders }: Forward,
  parts: Partial<RetryStageOptions> = {},
): Promise<Attempt> {
  const left = new Map([...setHeaders, [ATTEMPT_HEADER, `${number}`] as const]);
  const head: RequestHead = {
    method: 'POST',
    path: left.get(':path') ?? '',
    endOfStream: false,
    header: (name) => left.get(name),
  };
  const kept: Kept = {
    metadata: { ...metadata },
    original: original === undefined ? undefined : Buffer.from(original),
    cluster: servedCluster(cluster),
  };
  return worker(parts).onAttempt(head, kept);
}

describe('another worker', () => {
  test('makes the second attempt for its own target: path, host, key and dialect', async () => {
    const made = await attempt(2, CLAUDE?.cluster ?? '', await first());
    expect(Object.fromEntries(made.setHeaders)).toMatchObject({
      ':path': '/v1/messages',
      ':authority': 'api.anthropic.test',
      'x-api-key': 'sk-ant-ours',
      'content-length': `${made.body.length}`,
    });
    expect(made.removeHeaders).toContain('authorization');
    expect(JSON.stringify(made.setHeaders)).not.toContain('sk-ours');
    expect(JSON.parse(Buffer.from(made.body).toString())).toMatchObject({
      model: 'claude',
      stop_sequences: ['END'],
    });
    expect(made.metadata['model']).toBe('anthropic/claude');
    expect(made.answers).toBeDefined();
  });

  test('makes the third attempt in the client’s dialect again, where that is spoken', async () => {
    const made = await attempt(3, MINI?.cluster ?? '', await first());
    expect(JSON.parse(Buffer.from(made.body).toString())).toEqual({ ...BODY, model: 'gpt-4o-mini' });
    expect(made.removeHeaders).toContain('x-api-key');
    expect(made.answers).toBeUndefined();
  });

  test('asks for an answer of the kinds that the client asked for, whatever an earlier attempt asked for', async () => {
    const none = await attempt(3, MINI?.cluster ?? '', await first());
    expect(none.removeHeaders).toContain('accept');
    expect(none.removeHeaders).toContain('accept-encoding');
    const own = { accept: 'application/json, */*', 'accept-encoding': 'gzip' };
    const made = await attempt(3, MINI?.cluster ?? '', await first(BODY, CHAIN, own));
    expect(Object.fromEntries(made.setHeaders)).toMatchObject(own);
  });

  test('makes the same bytes as a first attempt at that target, however often', async () => {
    const direct = await first({ ...BODY, model: 'anthropic/claude' }, TARGETS as typeof CHAIN);
    const forward = await first();
    for (let time = 0; time < 2; time += 1) {
      const { body } = await attempt(2, CLAUDE?.cluster ?? '', forward);
      expect(Buffer.from(body).equals(Buffer.from(direct.body ?? ''))).toBe(true);
    }
  });

  test.each([
    ['/v1/chat/completions', BODY, { error: { type: 'server_error', param: 'stop' } }],
    [
      '/v1beta/models/gpt-4o:generateContent',
      { contents: [{ parts: [{ text: 'hi' }] }] },
      { error: { code: 502, status: 'INTERNAL' } },
    ],
  ])(
    'is no mistake of the client, where that model cannot be told what %s says',
    async (path, body, worded) => {
      const { metadata } = forwarded(
        await harness(null, { targets: CHAIN, policy: undefined }).send({ path, body }),
      );
      const refusal = new GatewayError('invalid-request', 'it has no stop', 'stop');
      const kept = { metadata, original: undefined, cluster: undefined };
      const { status, body: said } = worker().onFailure(kept, refusal);
      expect(status).toBe(502);
      expect(JSON.parse(said)).toMatchObject(worded);
    },
  );

  test('tells of it under the request’s own trace, with what its model could not be told', async () => {
    const told: unknown[] = [];
    const forward = await first({ ...BODY, seed: 7 });
    const traceparent = new Map(forward.setHeaders).get('traceparent');
    await attempt(2, CLAUDE?.cluster ?? '', forward, { onAttempt: (...said) => told.push(said) });
    const warnings = [{ param: 'seed', message: 'not known to anthropic-messages' }];
    const asked = { number: 2, model: 'anthropic/claude', provider: 'anthropic', warnings };
    expect(told).toEqual([[asked, traceparent]]);
    expect(traceparent).toBeDefined();
  });

  test('is counted by what is configured, not by what a client may call its models', async () => {
    const counted: Record<string, string>[] = [];
    const plan = {
      dialect: 'openai-chat',
      stream: false,
      query: '',
      seed: '',
      created: 0,
      attempts: [
        ['groq/*', 'anything at all'],
        ['anthropic/claude', 'claude'],
      ],
      headers: [],
    };
    const head: RequestHead = { method: 'POST', path: '/', endOfStream: false, header: () => '2' };
    await worker({ count: (_, labels) => counted.push(labels) }).onAttempt(head, {
      metadata: { plan: JSON.stringify(plan) },
      original: Buffer.from(JSON.stringify(BODY)),
      cluster: servedCluster(CLAUDE?.cluster ?? ''),
    });
    expect(counted).toEqual([{ from: 'groq/*', to: 'anthropic/claude' }]);
  });

  test('says which model answers in letters that a header holds', async () => {
    const models = ['openai/gpt-4o', 'groq/a\r\nset-cookie: b'];
    const policy = { name: 'any', description: 'anything', models };
    const body = { ...BODY, routing_preferences: [policy] };
    const forward = forwarded(await harness('any', { targets: CHAIN }).send({ body }));
    const { metadata } = await attempt(2, 'groq', forward);
    expect(metadata['model']).toBe('groq/a%0D%0Aset-cookie:%20b');
  });

  test('is not planned for a model in between that cannot be told what is asked', async () => {
    const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
    const messages = [{ role: 'user', content: [audio] }];
    const { metadata } = await first({ model: 'openai/gpt-4o', messages });
    expect(JSON.parse(metadata['plan'] ?? '').attempts).toEqual([
      ['openai/gpt-4o', 'gpt-4o'],
      ['openai/gpt-4o-mini', 'gpt-4o-mini'],
    ]);
  });

  test('sends no key where Envoy stayed with the cluster before', async () => {
    await expect(attempt(2, GPT?.cluster ?? '', await first())).rejects.toThrow('attempt 2 is at');
  });
});

describe('an answer that is to be kept', () => {
  const asked = { model: 'openai/gpt-4o', input: 'Capital of France?' };
  const answer = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [{ type: 'text', text: 'Paris' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1 },
  };

  interface Kept {
    readonly conversations: ConversationStore;
    readonly calls: string[];
  }

  function keeping(isBegun: boolean): Kept {
    const calls: string[] = [];
    const conversations: ConversationStore = {
      begin(key, input) {
        calls.push(`${key} ${input}`);
        return Promise.resolve(isBegun);
      },
      complete(key) {
        calls.push(key);
        return Promise.resolve(true);
      },
      find: () => Promise.resolve(undefined),
      remove: () => Promise.resolve(false),
    };
    return { conversations, calls };
  }

  /** What the client gets of the second attempt's answer. */
  async function answered({
    conversations,
  }: Kept): Promise<{ readonly id: string; readonly store: boolean }> {
    const one = harness(null, { targets: CHAIN, policy: undefined }, { conversations });
    const forward = forwarded(await one.send({ path: '/v1/responses', body: asked }));
    const { answers } = await attempt(2, CLAUDE?.cluster ?? '', forward, { conversations });
    const type: Record<string, string> = { 'content-type': 'application/json' };
    const reaction = answers?.({ status: 200, endOfStream: false, header: (name) => type[name] });
    if (reaction?.type !== 'replace') throw new Error('the answer is not read');
    const { body } = await reaction.replace(Buffer.from(JSON.stringify(answer)));
    return JSON.parse(Buffer.from(body).toString());
  }

  test('is begun by the attempt that is translated, where no earlier one was', async () => {
    const kept = keeping(true);
    expect(await answered(kept)).toMatchObject({ id: 'resp_0123456789abcdef01234567', store: true });
    const [begun = '', completed, ...more] = kept.calls;
    expect(begun).toBe(`${completed} [{"type":"message","role":"user","content":"Capital of France?"}]`);
    expect(more).toEqual([]);
  });

  test('is promised to nobody where it could not be', async () => {
    const kept = keeping(false);
    expect(await answered(kept)).toMatchObject({ store: false });
    expect(kept.calls).toHaveLength(1);
  });
});
