// What becomes of the head and the body of a provider's answer on the way to a client of another dialect.

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { keyRedactor } from '../../../src/config/redact-keys.ts';
import type { Replacement } from '../../../src/contract/exchange.ts';
import { createAnswerReader } from '../../../src/translate/answer-reader.ts';
import type { Translation } from '../../../src/translate/translation.ts';

const TRANSLATION: Translation = {
  client: 'openai-chat',
  provider: 'gemini',
  context: { seed: '0123456789abcdef01234567', created: 7, model: 'm', stream: false, memo: {} },
};
const LIMITED = {
  error: {
    code: 429,
    message: 'Slow down.',
    status: 'RESOURCE_EXHAUSTED',
    details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' }],
  },
};

const redact = keyRedactor([
  { credential: { type: 'key', header: 'authorization', value: 'Bearer sk-gateway-1234' } },
  { credential: { type: 'key', header: 'x-api-key', value: 'short' } },
  { credential: { type: 'none' } },
]);

function throws(cause: unknown): never {
  throw cause;
}

function replace(
  status: number,
  body: Buffer,
  headers: Record<string, string> = {},
  report: (cause: unknown) => void = throws,
): Replacement {
  const all: Record<string, string> = { 'content-type': 'application/json', ...headers };
  const head = { status, endOfStream: false, header: (name: string) => all[name] };
  const reaction = createAnswerReader(TRANSLATION, { report, redact })(head);
  if (reaction.type !== 'replace') throw new Error(`not replaced but ${reaction.type}`);
  const replacement = reaction.replace(body);
  if (replacement instanceof Promise) throw new Error('something was waited for');
  return replacement;
}

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('an error', () => {
  test('that came compressed goes out as it stands, and no header says otherwise', () => {
    const { body, setHeaders, removeHeaders } = replace(429, gzipSync(bytes(LIMITED)), {
      'content-encoding': 'gzip',
    });
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
      error: { message: 'Slow down.', code: 'rate_limit_exceeded' },
    });
    expect(removeHeaders).toContain('content-encoding');
    expect(setHeaders).toContainEqual(['content-length', `${body.length}`]);
    expect(setHeaders.map(([name]) => name)).not.toContain(':status');
  });

  test('says in its header how long to wait, where the provider said it in the body', () => {
    expect(replace(429, bytes(LIMITED)).setHeaders).toContainEqual(['retry-after', '34']);
  });

  test("keeps the provider's own header", () => {
    const { setHeaders, removeHeaders } = replace(429, bytes(LIMITED), { 'retry-after': '7' });
    expect([...setHeaders.map(([name]) => name), ...removeHeaders]).not.toContain('retry-after');
  });
});

test('an answer that came compressed goes out as it stands', () => {
  const answer = { candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] };
  const { body, setHeaders, removeHeaders } = replace(200, gzipSync(bytes(answer)), {
    'content-encoding': 'gzip',
  });
  expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
    choices: [{ message: { content: 'Hi' } }],
  });
  expect(removeHeaders).toContain('content-encoding');
  expect(setHeaders).toContainEqual(['content-length', `${body.length}`]);
});

describe('an answer that is none', () => {
  const textOf = ({ body }: Replacement): string => Buffer.from(body).toString();

  test.each([301, 304, 307])('a %i is an error, and leads nobody elsewhere', (status) => {
    const replacement = replace(status, Buffer.from('<html>'), { location: 'https://elsewhere.test/' });
    expect(replacement.setHeaders).toContainEqual([':status', '502']);
    expect(replacement.removeHeaders).toContain('location');
    expect(JSON.parse(textOf(replacement)).error).toMatchObject({
      message: `the provider answered ${status} instead of an answer`,
      type: 'server_error',
    });
  });

  test('a stream that nobody asked for is an error', () => {
    const causes: unknown[] = [];
    const stream = { 'content-type': 'text/event-stream' };
    const replacement = replace(200, Buffer.from('data: {}\n\n'), stream, (cause) => causes.push(cause));
    expect(replacement.setHeaders).toContainEqual([':status', '502']);
    expect(replacement.setHeaders).toContainEqual(['content-type', 'application/json']);
    expect(causes).toHaveLength(1);
  });

  test('what of it cannot be read is not quoted in the log', () => {
    const causes: unknown[] = [];
    replace(200, Buffer.from('{"a": hunter2}'), {}, (cause) => causes.push(cause));
    expect(String(causes)).toBe('Error: a JSON text is damaged');
  });
});

test('a byte order mark before an answer is not a part of it', () => {
  const answer = { candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] };
  const { body } = replace(200, Buffer.from(`\ufeff${JSON.stringify(answer)}`));
  expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
    choices: [{ message: { content: 'Hi' } }],
  });
});

describe('an answer that is to be kept', () => {
  const context = { ...TRANSLATION.context, keepAs: 'key' };
  const responses: Translation = { client: 'openai-responses', provider: 'gemini', context };
  const said = { candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] };

  interface Read {
    readonly json: Record<string, unknown>;
    readonly kept: readonly [key: string, answer: string][];
  }

  async function read(body: object, isKept: boolean, status = 200, stream = false): Promise<Read> {
    const kept: [string, string][] = [];
    const type = { 'content-type': 'application/json' } as Record<string, string>;
    const head = { status, endOfStream: false, header: (name: string) => type[name] };
    const reaction = createAnswerReader(
      { ...responses, context: { ...context, stream } },
      {
        report: () => undefined,
        redact,
        keep(key, answer) {
          kept.push([key, answer.toString()]);
          return Promise.resolve(isKept);
        },
      },
    )(head);
    if (reaction.type !== 'replace') throw new Error(`not replaced but ${reaction.type}`);
    const text = Buffer.from((await reaction.replace(bytes(body))).body).toString();
    const last = /^data: (.*)$/m.exec(text.slice(text.lastIndexOf('event:')))?.[1];
    const json = stream ? JSON.parse(last ?? '{}').response : JSON.parse(text);
    return { json, kept };
  }

  test.each([false, true])('is kept as it goes out (streamed: %s)', async (stream) => {
    const { json, kept } = await read(said, true, 200, stream);
    expect(json).toMatchObject({ store: true, status: 'completed' });
    expect(kept.map(([key, answer]) => [key, JSON.parse(answer)])).toEqual([['key', json]]);
  });

  test.each([false, true])('says so where it could not be (streamed: %s)', async (stream) => {
    const { json, kept } = await read(said, false, 200, stream);
    expect(json).toMatchObject({ store: false, status: 'completed' });
    expect(kept).toHaveLength(1);
  });

  test('may be incomplete', async () => {
    const cut = { candidates: [{ content: { parts: [{ text: 'H' }] }, finishReason: 'MAX_TOKENS' }] };
    const { json, kept } = await read(cut, true);
    expect([json['status'], json['store'], kept.length]).toEqual(['incomplete', true, 1]);
  });

  test('is no error, and nothing that cannot be read', async () => {
    for (const [status, body] of [
      [429, LIMITED],
      [200, []],
    ] as const) {
      expect((await read(body, true, status)).kept).toEqual([]);
    }
  });
});

test('an error that quotes the gateway’s key is told without it', () => {
  const message = 'API key sk-gateway-1234 is not valid, in short.';
  const { body } = replace(400, Buffer.from(JSON.stringify({ error: { code: 400, message } })));
  const text = Buffer.from(body).toString();
  expect(text).toContain('API key [key] is not valid, in short.');
  expect(text).not.toContain('sk-gateway');
});
