// The next model of a list, by Envoy's own retries: over vendors and dialects, with nobody's key but its own.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Behaviour, cut, failWith, hang } from './support/fake-provider.ts';
import { freePort } from './support/free-port.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { ANSWER_TEXT } from './support/vendor-answers.ts';
import { CLAUDE, listener, startVendors, type Vendors } from './support/vendors.ts';

let vendors: Vendors;
let pointsman: RunningPointsman;

beforeAll(async () => {
  // The second of three: the third's cluster is chosen by its number.
  vendors = await startVendors({ seesAttempts: ['2'] });
  const { openai, anthropic } = vendors;
  const dead = await freePort();
  const access_key = '$OPENAI_API_KEY';
  const claude = `anthropic/${CLAUDE}`;
  pointsman = await startPointsman({
    config: {
      listeners: listener(),
      failover: {
        first_byte_timeout: '3s',
        per_try_timeout: '3s',
        back_off: { base: '10ms', max: '20ms' },
        outlier_detection: { consecutive_failures: 0 },
      },
      model_providers: [
        { model: 'openai/gpt-4o', base_url: openai.url, access_key, fallback: [claude] },
        { model: 'openai/gpt-4o-mini', base_url: openai.url, access_key },
        {
          model: claude,
          base_url: anthropic.url,
          access_key: '$ANTHROPIC_API_KEY',
          fallback: ['openai/gpt-4o-mini'],
        },
        {
          model: 'acme/dead',
          base_url: `http://127.0.0.1:${dead}`,
          provider_interface: 'openai',
          fallback: ['openai/gpt-4o', claude],
        },
        {
          model: 'acme/no-tls',
          base_url: `https://127.0.0.1:${openai.port}`,
          provider_interface: 'openai',
          fallback: [claude],
        },
      ],
    },
  });
}, 60_000);

afterEach(() => {
  vendors.verify();
  vendors.reset();
});

afterAll(async () => {
  await pointsman.stop();
  await vendors.close();
});

const messages = [{ role: 'user' as const, content: 'Capital of France?' }];

interface Answered {
  readonly text: string;
  readonly model: string | null;
  readonly attempts: string | null;
}

async function ask(model: string, stream: boolean): Promise<Answered> {
  const { data, response } = await pointsman.openai.chat.completions
    .create({ model, messages, stream }, { maxRetries: 0 })
    .withResponse();
  let text = '';
  if ('choices' in data) text = data.choices[0]?.message.content ?? '';
  else for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? '';
  const { headers } = response;
  return { text, model: headers.get('x-pointsman-model'), attempts: headers.get('x-pointsman-attempts') };
}

const FROM_CLAUDE: Answered = { text: ANSWER_TEXT, model: `anthropic/${CLAUDE}`, attempts: '2' };

describe.each([false, true])('the next model answers (streamed: %s)', (stream) => {
  test.each<[string, Behaviour]>([
    ['429, whatever its retry-after', failWith(429, { 'retry-after': '30' })],
    ['500', failWith(500)],
    ['503', failWith(503)],
    ['a connection that breaks', cut],
    ['silence', hang],
  ])('after %s', async (_, behaviour) => {
    vendors.openai.script(behaviour);
    expect(await ask('openai/gpt-4o', stream)).toEqual(FROM_CLAUDE);
    expect(vendors.openai.requests).toHaveLength(1);
    expect(vendors.anthropic.requests[0]?.headers).not.toHaveProperty('x-envoy-attempt-count');
    expect(vendors.anthropic.requests[0]?.body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Capital of France?' }] },
    ]);
  });

  test('after a refused connection, and after that the one after it', async () => {
    vendors.openai.script(failWith(503));
    expect(await ask('acme/dead', stream)).toEqual({ ...FROM_CLAUDE, attempts: '3' });
  });

  test('after a failed handshake', async () => {
    expect(await ask('acme/no-tls', stream)).toEqual(FROM_CLAUDE);
  });

  test('in the dialect of the client, where the first was of another', async () => {
    vendors.anthropic.script(failWith(503));
    expect(await ask(`anthropic/${CLAUDE}`, stream)).toEqual({
      text: ANSWER_TEXT,
      model: 'openai/gpt-4o-mini',
      attempts: '2',
    });
    expect(vendors.openai.requests[0]?.body.messages).toEqual(messages);
  });
});

test('a next model that cannot be told what is asked is one that failed', async () => {
  vendors.openai.script(failWith(503));
  const content = [{ type: 'input_audio' as const, input_audio: { data: 'AAAA', format: 'wav' as const } }];
  const refused = pointsman.openai.chat.completions.create(
    { model: 'openai/gpt-4o', messages: [{ role: 'user', content }] },
    { maxRetries: 0 },
  );
  await expect(refused).rejects.toMatchObject({
    status: 502,
    type: 'server_error',
    param: 'messages[0].content[0]',
  });
  expect(vendors.anthropic.requests).toHaveLength(0);
});

/** The head of an answer, and then nothing more, or not even that. */
const begin =
  (more: Behaviour): Behaviour =>
  (response, received) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{', () => void more(response, received));
  };

test.each<[string, Behaviour]>([
  ['goes silent', begin(hang)],
  ['breaks off', begin(cut)],
])(
  'the next model answers after an answer that %s, where none of it has reached the client',
  async (_, behaviour) => {
    // It is held until it can be translated.
    vendors.anthropic.script(behaviour);
    const answer = { text: ANSWER_TEXT, model: 'openai/gpt-4o-mini', attempts: '2' };
    expect(await ask(`anthropic/${CLAUDE}`, false)).toEqual(answer);
  },
);

describe('no next model', () => {
  test('after an error that is the request’s own', async () => {
    vendors.openai.script(failWith(400));
    await expect(ask('openai/gpt-4o', false)).rejects.toMatchObject({ status: 400 });
    expect(vendors.anthropic.requests).toHaveLength(0);
  });

  test('once the client has the head of an answer that is not held', async () => {
    vendors.openai.script(begin(cut));
    await expect(ask('openai/gpt-4o', false)).rejects.toThrow();
    expect(vendors.anthropic.requests).toHaveLength(0);
  });

  test('where none is left: the last answer is told in the client’s words', async () => {
    vendors.openai.script(failWith(500));
    vendors.anthropic.script(failWith(529));
    await expect(ask('openai/gpt-4o', false)).rejects.toMatchObject({ status: 529, type: 'server_error' });
  });
});

test('an inline list fails over among what is configured', async () => {
  vendors.openai.script(failWith(500));
  const routing_preferences = [
    {
      name: 'any',
      description: 'anything at all, questions, capitals of countries',
      models: ['openai/gpt-4o-mini', `anthropic/${CLAUDE}`],
    },
  ];
  const body = { messages, routing_preferences, model: 'openai/gpt-4o-mini' };
  const response = await fetch(`${pointsman.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-pointsman-attempts')).toBe('2');
  expect(response.headers.get('x-pointsman-model')).toBe(`anthropic/${CLAUDE}`);
});

test('200 at once: each is answered by the model after the failing one', async () => {
  vendors.openai.script(...Array.from({ length: 200 }, () => failWith(503)));
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => ask('openai/gpt-4o', index % 2 === 0)),
  );
  for (const answer of answers) expect(answer).toEqual(FROM_CLAUDE);
}, 60_000);
