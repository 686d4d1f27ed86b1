// Bedrock behind a real Envoy: signed by Envoy itself or sent with an API key, streamed in frames of AWS's. The stand-in checks
// every signature as AWS would.

import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bedrockConverse } from '../vendors/bedrock-converse/index.ts';
import { type FakeVendor, startFakeVendor } from '../vendors/fake-vendor.ts';
import { openaiChat } from '../vendors/openai-chat/index.ts';
import { FAILURE_TEXT } from '../vendors/vendor.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { listener } from './support/vendors.ts';

const AWS = {
  accessKeyId: 'AKIATESTBEDROCK',
  secretAccessKey: 'aws-test-secret-4c1d',
  region: 'eu-central-1',
};
const SESSION = 'aws-test-session-77aa';
const API_KEY = 'bedrock-api-key-test-19ef';
const HOST = 'bedrock-runtime.eu-central-1.amazonaws.com';
const MODEL = bedrockConverse.model;
const SIGNED = `amazon_bedrock/${MODEL}`;
/** Without a next model. */
const ALONE = `signed-alone/${MODEL}`;
const KEYED = `with-key/${MODEL}`;
const OPENAI = `openai/${openaiChat.model}`;

let signed: FakeVendor;
let keyed: FakeVendor;
let openai: FakeVendor;
let pointsman: RunningPointsman;

beforeAll(async () => {
  const secrets = [KEYS.caller, KEYS.openai, API_KEY, AWS.secretAccessKey, SESSION];
  const not = (...own: string[]): string[] => secrets.filter((each) => !own.includes(each));
  const seesAttempts = true;
  signed = await startFakeVendor(bedrockConverse, {
    key: AWS,
    foreign: not(SESSION),
    host: HOST,
    seesAttempts,
  });
  keyed = await startFakeVendor(bedrockConverse, { key: API_KEY, foreign: not(API_KEY) });
  openai = await startFakeVendor(openaiChat, { key: KEYS.openai, foreign: not(KEYS.openai), seesAttempts });
  const at = { base_url: signed.url, http_host: HOST };
  pointsman = await startPointsman({
    config: {
      listeners: listener({ max_retries: 1 }),
      failover: { attempts_per_target: 2, back_off: { base: '10ms', max: '20ms' } },
      model_providers: [
        { model: SIGNED, ...at, fallback: [OPENAI] },
        { model: OPENAI, base_url: openai.url, access_key: '$OPENAI_API_KEY', fallback: [SIGNED] },
        { model: ALONE, provider_interface: 'amazon_bedrock', ...at },
        {
          model: KEYED,
          provider_interface: 'amazon_bedrock',
          base_url: keyed.url,
          access_key: '$AWS_BEARER_TOKEN_BEDROCK',
        },
      ],
      routing: { engine: 'none' },
    },
    env: {
      AWS_ACCESS_KEY_ID: AWS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: AWS.secretAccessKey,
      AWS_SESSION_TOKEN: SESSION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_BEARER_TOKEN_BEDROCK: API_KEY,
    },
  });
}, 60_000);

afterEach(() => {
  for (const vendor of [signed, keyed, openai]) {
    const { violations } = vendor;
    const found = [...violations];
    vendor.reset();
    expect(found).toEqual([]);
  }
});

afterAll(async () => {
  await pointsman.stop();
  for (const vendor of [signed, keyed, openai]) await vendor.close();
});

const messages = [{ role: 'user' as const, content: 'Capital of France?' }];
const TOOL = {
  name: 'get_weather',
  description: 'd',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

const OVERLOADED = { type: 'fail', failure: 'overloaded' } as const;
const signatureOf = ({ requests }: FakeVendor): string[] =>
  Object.keys(requests[0]?.headers ?? {}).filter((name) => name.startsWith('x-amz'));

interface Answered {
  readonly text: string;
  readonly model: string | null;
  readonly attempts: string | null;
  readonly tokens: number | undefined;
}

async function ask(model: string, stream: boolean, content = 'Capital of France?'): Promise<Answered> {
  const { data, response } = await pointsman.openai.chat.completions
    .create({
      model,
      messages: [{ role: 'user', content }],
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
    })
    .withResponse();
  const { headers } = response;
  let text = '';
  let tokens: number | undefined;
  if ('choices' in data) {
    text = data.choices[0]?.message.content ?? '';
    tokens = data.usage?.total_tokens;
  } else {
    expect(headers.get('content-type')).toMatch(/^text\/event-stream/);
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.total_tokens ?? tokens;
    }
  }
  return {
    text,
    model: headers.get('x-pointsman-model'),
    attempts: headers.get('x-pointsman-attempts'),
    tokens,
  };
}

describe.each([false, true])('a Chat application (streamed: %s)', (stream) => {
  test('is answered by Bedrock, whose requests Envoy signs', async () => {
    const answered = await ask(SIGNED, stream);
    expect(answered).toMatchObject({ model: SIGNED, attempts: '1' });
    expect(answered.text.length).toBeGreaterThan(10);
    expect(answered.tokens).toBeGreaterThan(0);
    const [request] = signed.requests;
    expect(request?.path).toBe(
      `/model/${encodeURIComponent(MODEL)}/${stream ? 'converse-stream' : 'converse'}`,
    );
    expect(request?.headers['x-amz-security-token']).toBe(SESSION);
    expect(request?.headers.accept).toBe(stream ? 'application/vnd.amazon.eventstream' : 'application/json');
  });

  test('is answered with an API key, unsigned', async () => {
    expect(await ask(KEYED, stream)).toMatchObject({ attempts: '1' });
    expect(keyed.requests).toHaveLength(1);
    expect(signatureOf(keyed)).toEqual([]);
  });

  test.each([ALONE, SIGNED])('is answered by a retry of %s, which is signed anew', async (model) => {
    signed.script(OVERLOADED);
    expect(await ask(model, stream)).toMatchObject({ model, attempts: '2' });
    expect(signed.requests).toHaveLength(2);
  });

  test('is answered by Bedrock where another vendor fails, also at its second attempt', async () => {
    openai.script(OVERLOADED, OVERLOADED);
    expect(await ask(OPENAI, stream)).toMatchObject({ model: SIGNED, attempts: '3' });
    openai.script(OVERLOADED, OVERLOADED);
    signed.script(OVERLOADED);
    expect(await ask(OPENAI, stream)).toMatchObject({ model: SIGNED, attempts: '4' });
  });

  test('is answered by another vendor where Bedrock fails, which sees no signature', async () => {
    signed.script(OVERLOADED, OVERLOADED);
    expect(await ask(SIGNED, stream)).toMatchObject({ model: OPENAI, attempts: '3' });
    expect(signatureOf(openai)).toEqual([]);
  });
});

test('a body of megabytes is signed as a whole', async () => {
  await ask(SIGNED, false, 'word '.repeat(600_000));
  expect(signed.requests[0]?.bytes.length).toBeGreaterThan(3_000_000);
});

test('a Messages application gets tool calls as they are streamed', async () => {
  const stream = pointsman.anthropic.messages.stream({
    model: SIGNED,
    max_tokens: 1000,
    messages,
    tools: [{ name: TOOL.name, input_schema: TOOL.parameters as Anthropic.Tool.InputSchema }],
  });
  const message = await stream.finalMessage();
  expect(message.stop_reason).toBe('tool_use');
  expect(message.content.at(-1)).toMatchObject({ type: 'tool_use', name: TOOL.name });
});

describe('an error of Bedrock', () => {
  test('keeps its status and words in the client’s dialect', async () => {
    keyed.script({ type: 'fail', failure: 'invalid' });
    const error = await ask(KEYED, false).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(String(error)).toContain(FAILURE_TEXT.invalid);
  });

  test('about its credentials does not repeat what it says of them', async () => {
    signed.script({ type: 'fail', failure: 'authentication' });
    const error = await ask(ALONE, false).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 403 });
    expect(String(error)).toContain("refused the gateway's credentials");
  });

  test('in the middle of a stream is thrown by both SDKs', async () => {
    const turn = { type: 'fail-midway', after: 3, failure: 'overloaded' } as const;
    signed.script(turn);
    await expect(ask(ALONE, true)).rejects.toBeInstanceOf(OpenAI.APIError);
    signed.script(turn);
    const request = { model: ALONE, max_tokens: 100, messages };
    await expect(pointsman.anthropic.messages.stream(request).finalMessage()).rejects.toBeInstanceOf(
      Anthropic.APIError,
    );
  });
});

test('only Envoy has the credentials of AWS, and it has no other key', () => {
  const [envoy] = pointsman.children('envoy.json');
  const environment = readFileSync(`/proc/${envoy}/environ`, 'utf8').split('\0');
  expect(environment).toContain(`AWS_SECRET_ACCESS_KEY=${AWS.secretAccessKey}`);
  expect(environment.join('\n')).not.toMatch(/OPENAI|BEARER_TOKEN/);
});
