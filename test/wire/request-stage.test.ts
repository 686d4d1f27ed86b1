// The whole request stage behind the real server, spoken to as Envoy does: what reaches the provider, byte for byte, and
// what a caller gets who sent something else than a request.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harness } from '../unit/request/stage-harness.ts';
import { exchange } from './ext-proc-client.ts';
import {
  bodyMessage,
  decodeResponse,
  encodeRequest,
  frame,
  headMessage,
  metadataOf,
  type ResponseMessage,
} from './ext-proc-messages.ts';
import { chatMembers, type RawMember, textOf } from './json-bodies.ts';
import { connectHttp2, openProcess, start } from './wire-harness.ts';

const headOf = (path: string): Record<string, string> => ({
  ':method': 'POST',
  ':path': path,
  ':authority': 'gateway.test',
  'content-type': 'application/json',
});

/** The deciding reply to a request whose bytes arrive in pieces of these sizes, the last one as long as it takes. */
async function askInPieces(
  session: ReturnType<typeof connectHttp2>,
  body: Buffer,
  sizes: readonly number[],
): Promise<ResponseMessage> {
  const bytes = Buffer.concat([
    frame(encodeRequest(headMessage(headOf('/v1/chat/completions')))),
    frame(encodeRequest(bodyMessage(body))),
  ]);
  const stream = openProcess(session);
  let at = 0;
  for (const size of sizes) {
    const piece = bytes.subarray(at, at + size);
    at += piece.length;
    await new Promise((resolve) => stream.write(piece, resolve));
  }
  stream.end(bytes.subarray(at));
  const received: Buffer[] = [];
  for await (const chunk of stream) received.push(chunk as Buffer);
  const replies = Buffer.concat(received);
  return decodeResponse(replies.subarray(10 + replies.readUInt32BE(1)));
}

/** Fails unless `sent` is the members' own bytes but for the policy, in their order, with commas and space between. */
function expectKept(sent: string, members: readonly RawMember[]): void {
  let at = 0;
  const skipTo = (text: string): void => {
    const found = sent.indexOf(text, at);
    expect(found, `${text} in ${sent}`).toBeGreaterThanOrEqual(0);
    expect(sent.slice(at, found)).toMatch(/^[\s,{]*$/);
    at = found + text.length;
  };
  if (!members.some(({ kind }) => kind === 'model')) skipTo('"model":"gpt-4o"');
  for (const { kind, head, value } of members) if (kind !== 'policy') skipTo(`${head}${value}`);
  expect(sent.slice(at)).toMatch(/^\s*\}$/);
}

describe('a request that passes', () => {
  it('keeps every byte that is not ours, in any chunking', async () => {
    const { server } = await start(harness('reasoning').stage, { on: 'tcp' });
    const session = connectHttp2(server.port);
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(chatMembers, sizes, async (members, pieces) => {
        const text = textOf(members);
        const reply = await askInPieces(session, Buffer.from(text), pieces);
        expect(reply.immediate_response?.body?.toString()).toBeUndefined();
        expect(metadataOf(reply)).toMatchObject({ model: 'openai/gpt-4o', route: 'reasoning' });
        const sent = reply.request_body?.response?.body_mutation?.body.toString() ?? text;
        JSON.parse(sent);
        const models = members.filter(({ kind }) => kind === 'model');
        const isNamed = models.length === 1 && JSON.parse(models[0]?.value ?? '') === 'gpt-4o';
        const expected = members.map((one) =>
          one.kind === 'model' && !isNamed ? { ...one, value: '"gpt-4o"' } : one,
        );
        // Nothing added and nothing removed: then it is the same text, white space and all.
        const isInPlace = models.length > 0 && !members.some(({ kind }) => kind === 'policy');
        if (isInPlace) expect(sent).toBe(textOf(expected));
        else expectKept(sent, expected);
      }),
      { numRuns: 150 },
    );
  });

  it('is not touched at all where it says already what it has to', async () => {
    const { client } = await start(harness('reasoning').stage);
    const body = Buffer.from(
      ' {"model":"gpt-4o" ,"messages":[{"role":"user","content":"x"}], "big":9007199254740993}\n',
    );
    const reply = await exchange(client, headOf('/v1/chat/completions'), body);
    expect(reply.request_body?.response?.body_mutation).toBeUndefined();
  });
});

const PATHS = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/messages',
  '/routing/v1/chat/completions',
  '/routing/v1/responses',
  '/routing/v1/messages',
];

const nested = (open: string, close: string): string =>
  `{"a":${open.repeat(100_000)}1${close.repeat(100_000)}}`;

const BAD_BODIES: [string, string | Buffer][] = [
  ['nothing', ''],
  ['white space', ' \n\t'],
  ['text', 'hello'],
  ['a fault in the middle', '{"messages":[{"role":"user","content":oops}]}'],
  ['a cut object', '{"messages":[{"role":"user","con'],
  ['two objects', '{}{}'],
  ['a byte order mark', '\ufeff{"messages":[],"input":[]}'],
  ['an array', '[{"role":"user","content":"x"}]'],
  ['null', 'null'],
  ['a number', '5'],
  ['neither messages nor input', '{}'],
  ['empty messages', '{"messages":[],"input":[],"max_tokens":1}'],
  ['messages and input that are numbers', '{"messages":1,"input":1,"max_tokens":1}'],
  ['messages and input of numbers', '{"messages":[1],"input":[1],"max_tokens":1}'],
  [
    'a model that is an object',
    '{"model":{},"messages":[{"role":"user","content":"x"}],"input":"x","max_tokens":1}',
  ],
  ['invalid UTF-8', Buffer.from('{"messages":"\xff\xfe","input":"\xff"}', 'latin1')],
  ['half a surrogate pair in UTF-8', Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1')],
  ['100,000 open brackets', `{"messages":${'['.repeat(100_000)}`],
  ['100,000 nested arrays', nested('[', ']')],
  ['100,000 nested objects', nested('{"a":', '}')],
  ['a million commas', `{"messages":[${','.repeat(1_000_000)}]}`],
  ['nearly a million values', `{"a":[${'0,'.repeat(900_000)}0]}`],
  ['a string of a megabyte that does not end', `{"messages":"${'\\"'.repeat(500_000)}`],
];

describe('a body that is no request', () => {
  it.each(BAD_BODIES)('%s: 400 in every dialect', async (_, body) => {
    const { client, errors } = await start(harness('reasoning').stage);
    for (const path of PATHS) {
      const reply = await exchange(client, headOf(path), Buffer.from(body));
      const answer = reply.immediate_response;
      expect(answer?.status.code, path).toBe(400);
      const text = answer?.body?.toString() ?? '';
      expect(text.length).toBeLessThan(1000);
      const json = JSON.parse(text) as { type?: string; error: Record<string, unknown> };
      expect(json.error['message']).toEqual(expect.any(String));
      expect(json.error['type']).toBe('invalid_request_error');
      expect(json.type).toBe(path === '/v1/messages' ? 'error' : undefined);
      if (path.startsWith('/routing')) expect(json.error['code']).toBe('InvalidRequest');
    }
    expect(errors).toEqual([]);
  });

  it('leaves no memory behind', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { client } = await start(harness('reasoning').stage);
    const used = async (): Promise<number> => {
      for (let round = 0; round < 3; round += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        collect();
      }
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const bodies = BAD_BODIES.map(([, body]) => Buffer.from(body)).filter(({ length }) => length > 50_000);
    const send = async (count: number): Promise<void> => {
      for (let at = 0; at < count; at += 1) {
        const path = PATHS[at % PATHS.length] as string;
        await exchange(client, headOf(path), bodies[at % bodies.length] as Buffer);
      }
    };
    await send(12);
    const before = await used();
    await send(200);
    // Some 200 MB went through.
    expect((await used()) - before).toBeLessThan(15 * 1024 * 1024);
  });
});
