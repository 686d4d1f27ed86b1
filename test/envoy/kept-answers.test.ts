// `previous_response_id` with a model whose vendor has no such thing: the official SDK through a real Envoy and two workers to
// a vendor that checks what it gets.

import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cut, failWith, gatedStream } from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { ANSWER_TEXT } from './support/vendor-answers.ts';
import { CLAUDE, listener, startVendors, type Vendors } from './support/vendors.ts';
import { waitUntil } from './support/wait.ts';

/** The SDK's type leaves it out. */
type Response = OpenAI.Responses.Response & { readonly store?: boolean };
type Create = OpenAI.Responses.ResponseCreateParamsNonStreaming;

let vendors: Vendors;
let pointsman: RunningPointsman;

beforeAll(async () => {
  vendors = await startVendors({ seesAttempts: ['2'] });
  const { openai, anthropic } = vendors;
  const access_key = '$OPENAI_API_KEY';
  pointsman = await startPointsman({
    config: {
      listeners: listener({ max_retries: 0 }),
      workers: 2,
      failover: { back_off: { base: '10ms', max: '20ms' } },
      model_providers: [
        { model: `anthropic/${CLAUDE}`, base_url: anthropic.url, access_key: '$ANTHROPIC_API_KEY' },
        { model: 'openai/gpt-4o', base_url: openai.url, access_key },
        {
          model: 'openai/gpt-4o-mini',
          base_url: openai.url,
          access_key,
          fallback: [`anthropic/${CLAUDE}`],
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
  await pointsman.stop(/worker-\d+ ended/);
  await vendors.close();
});

const model = `anthropic/${CLAUDE}`;
const said = (text: string): object => ({ role: 'user', content: [{ type: 'text', text }] });
const answered = { role: 'assistant', content: [{ type: 'text', text: ANSWER_TEXT }] };
const tools: OpenAI.Responses.Tool[] = [
  {
    type: 'function',
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    strict: false,
  },
];

/** One more turn, plain or streamed. */
async function ask(create: Create, stream: boolean, client: OpenAI = pointsman.openai): Promise<Response> {
  if (!stream) return client.responses.create(create);
  let last: Response | undefined;
  for await (const event of await client.responses.create({ ...create, stream: true })) {
    if (event.type === 'response.completed' || event.type === 'response.incomplete') last = event.response;
  }
  if (last === undefined) throw new Error('the stream did not end');
  return last;
}

const sent = (at: number): unknown => vendors.anthropic.requests[at]?.body.messages;

describe.each([false, true])('an answer is gone on from (streamed: %s)', (stream) => {
  test('three turns long, by either worker, without the instructions of before', async () => {
    const one = await ask({ model, input: 'Capital of France?', instructions: 'Be brief.' }, stream);
    const two = await ask({ model, input: 'And of Spain?', previous_response_id: one.id }, stream);
    const three = await ask(
      { model, input: [{ role: 'user', content: 'And of Italy?' }], previous_response_id: two.id },
      stream,
    );
    expect([one.store, two.store, three.store]).toEqual([true, true, true]);
    expect([one.previous_response_id, two.previous_response_id, three.previous_response_id]).toEqual([
      null,
      one.id,
      two.id,
    ]);
    expect(sent(2)).toEqual([
      said('Capital of France?'),
      answered,
      said('And of Spain?'),
      answered,
      said('And of Italy?'),
    ]);
    expect(vendors.anthropic.requests.map(({ body }) => body.system !== undefined)).toEqual([
      true,
      false,
      false,
    ]);
    // What came before does not change, and may be gone on from again.
    await ask({ model, input: 'And of Peru?', previous_response_id: one.id }, stream);
    expect(sent(3)).toEqual([said('Capital of France?'), answered, said('And of Peru?')]);
  });

  test('with the result of a tool alone', async () => {
    const one = await ask({ model, input: 'Weather in Paris?', tools }, false);
    const call = one.output.find((item) => item.type === 'function_call');
    if (call === undefined) throw new Error('no call');
    const output = { type: 'function_call_output' as const, call_id: call.call_id, output: '18 degrees' };
    const two = await ask({ model, input: [output], tools, previous_response_id: one.id }, stream);
    expect(two.status).toBe('completed');
    expect(sent(1)).toEqual([
      said('Weather in Paris?'),
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: call.call_id, name: 'get_weather', input: { city: 'Paris' } }],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: call.call_id,
            content: [{ type: 'text', text: '18 degrees' }],
          },
        ],
      },
    ]);
  });

  test('by a model that has the API, which gets all of it and no foreign id', async () => {
    const one = await ask({ model, input: 'Capital of France?' }, stream);
    await ask({ model: 'openai/gpt-4o', input: 'And of Spain?', previous_response_id: one.id }, stream);
    const { body } = vendors.openai.requests[0] ?? {};
    expect(body).toMatchObject({ model: 'gpt-4o' });
    expect(body).not.toHaveProperty('previous_response_id');
    expect(body.input).toEqual([
      { type: 'message', role: 'user', content: 'Capital of France?' },
      {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: ANSWER_TEXT, annotations: [], logprobs: [] }],
      },
      { type: 'message', role: 'user', content: 'And of Spain?' },
    ]);
  });

  test('after a failover, and in one', async () => {
    vendors.openai.script(failWith(500));
    const one = await ask({ model: 'openai/gpt-4o-mini', input: 'Capital of France?' }, stream);
    expect(one.store).toBe(true);
    vendors.openai.script(cut);
    const again = { model: 'openai/gpt-4o-mini', input: 'And of Spain?', previous_response_id: one.id };
    const two = await ask(again, stream);
    expect(two.previous_response_id).toBe(one.id);
    expect(vendors.openai.requests[1]?.body.input).toHaveLength(3);
    expect(sent(1)).toEqual([said('Capital of France?'), answered, said('And of Spain?')]);
  });
});

describe('nobody goes on from', () => {
  const refusal = (id: string): object => ({
    status: 400,
    type: 'invalid_request_error',
    code: 'previous_response_not_found',
    param: 'previous_response_id',
    message: `400 Previous response with id '${id}' not found.`,
  });
  const goOn = (id: string, client: OpenAI = pointsman.openai): Promise<Response> =>
    ask({ model, input: 'And of Spain?', previous_response_id: id }, false, client);

  test("another caller's answer", async () => {
    const { id } = await ask({ model, input: 'Capital of France?' }, false);
    const another = new OpenAI({ baseURL: `${pointsman.url}/v1`, apiKey: 'sk-another', maxRetries: 0 });
    await expect(goOn(id, another)).rejects.toMatchObject(refusal(id));
    await expect(another.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(another.responses.delete(id)).rejects.toMatchObject({ status: 404 });
    expect((await goOn(id)).previous_response_id).toBe(id);
  });

  test('an answer that nobody gave', async () => {
    const id = `resp_${'0'.repeat(24)}`;
    await expect(goOn(id)).rejects.toMatchObject(refusal(id));
    expect(vendors.anthropic.requests).toHaveLength(0);
  });

  test('one that was not to be kept', async () => {
    const answer = await ask({ model, input: 'Capital of France?', store: false }, false);
    expect(answer.store).toBe(false);
    await expect(goOn(answer.id)).rejects.toMatchObject(refusal(answer.id));
  });

  test('one that was cut', async () => {
    vendors.anthropic.script((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const message = {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: CLAUDE,
        content: [],
        usage: { input_tokens: 1, output_tokens: 1 },
      };
      response.end(`event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message })}\n\n`);
    });
    let id = '';
    let store: boolean | undefined;
    const stream = await pointsman.openai.responses.create({ model, input: 'Hello', stream: true });
    try {
      for await (const event of stream) {
        if (event.type === 'response.created') id = event.response.id;
        if (event.type === 'response.failed') ({ store } = event.response as Response);
      }
    } catch {
      // The SDK throws what the error event says.
    }
    expect([id === '', store ?? false]).toEqual([false, false]);
    await expect(goOn(id)).rejects.toMatchObject(refusal(id));
  });

  test('one that its caller did not wait for', async () => {
    vendors.anthropic.script(gatedStream(new Promise(() => undefined)));
    const stream = await pointsman.openai.responses.create({ model, input: 'Hello', stream: true });
    let id = '';
    for await (const event of stream) {
      if (event.type !== 'response.created') continue;
      id = event.response.id;
      stream.controller.abort();
    }
    expect(id).toMatch(/^resp_/);
    await expect(goOn(id)).rejects.toMatchObject(refusal(id));
  });

  test("what another vendor keeps, where the model's own cannot", async () => {
    await expect(goOn('resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b')).rejects.toMatchObject({
      status: 400,
      code: null,
      param: 'previous_response_id',
    });
  });
});

describe('an answer by its id', () => {
  test('is read again as it was given, with what was asked, until it is deleted', async () => {
    const { openai } = pointsman;
    const given = await ask({ model, input: 'Capital of France?' }, false);
    const kept = await openai.responses.retrieve(given.id);
    expect(kept).toMatchObject({
      id: given.id,
      output: given.output,
      usage: given.usage,
      status: 'completed',
    });
    const items: unknown[] = [];
    for await (const item of openai.responses.inputItems.list(given.id)) items.push(item);
    expect(items).toEqual([
      expect.objectContaining({ type: 'message', role: 'user', content: 'Capital of France?' }),
    ]);
    await openai.responses.delete(given.id);
    await expect(openai.responses.retrieve(given.id)).rejects.toMatchObject({
      status: 404,
      message: `404 Response with id '${given.id}' not found.`,
    });
    await expect(openai.responses.delete(given.id)).rejects.toMatchObject({ status: 404 });
  });

  test('that was streamed is the same', async () => {
    const given = await ask({ model, input: 'Capital of France?' }, true);
    expect(await pointsman.openai.responses.retrieve(given.id)).toMatchObject({
      id: given.id,
      output: given.output,
      store: true,
    });
  });
});

test('ten megabytes are gone on from', async () => {
  const input = 'é'.repeat(5_000_000);
  const one = await ask({ model, input }, false);
  expect(one.store).toBe(true);
  await ask({ model, input: 'And of Spain?', previous_response_id: one.id }, true);
  const [first] = vendors.anthropic.requests[1]?.body.messages ?? [];
  expect(first.content[0].text === input).toBe(true);
}, 30_000);

test('survives the worker that gave it', async () => {
  const one = await ask({ model, input: 'Capital of France?' }, false);
  const workers = pointsman.children('worker-process');
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  await waitUntil(
    () => pointsman.children('worker-process').filter((pid) => !workers.includes(pid)).length === 2,
    'both workers to be back',
    20_000,
  );
  const goOn = async (): Promise<Response | undefined> =>
    ask({ model, input: 'And of Spain?', previous_response_id: one.id }, false).catch(() => undefined);
  let two: Response | undefined;
  for (let attempt = 0; attempt < 40 && two === undefined; attempt += 1) {
    two = await goOn();
    if (two === undefined) await new Promise((resolve) => setTimeout(resolve, 250));
  }
  expect(two?.previous_response_id).toBe(one.id);
  expect(vendors.anthropic.requests.at(-1)?.body.messages).toHaveLength(3);
}, 30_000);

test.each([
  ['that others pushed out', { max_entries: 1 }],
  ['whose time is over', { ttl: '100ms' }],
])(
  'an answer %s is not found',
  async (_, conversation_store) => {
    const providers = [{ model, base_url: vendors.anthropic.url, access_key: '$ANTHROPIC_API_KEY' }];
    const own = await startPointsman({
      config: { listeners: listener({ max_retries: 0 }), conversation_store, model_providers: providers },
    });
    try {
      const one = await ask({ model, input: 'Capital of France?' }, false, own.openai);
      expect(one.store).toBe(true);
      const two = await ask({ model, input: 'Capital of Spain?' }, true, own.openai);
      expect(two.store).toBe(true);
      const goOn = (): Promise<unknown> =>
        ask({ model, input: 'And of Italy?', previous_response_id: one.id }, false, own.openai).catch(
          ({ code }: { readonly code: unknown }) => code,
        );
      await expect.poll(goOn, { timeout: 10_000 }).toBe('previous_response_not_found');
    } finally {
      await own.stop();
    }
  },
  30_000,
);
