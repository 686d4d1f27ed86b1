// The hand-written codec against the one that @grpc/proto-loader makes of proto/, over generated messages.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Forward, HeaderPair } from '../../src/contract/exchange.ts';
import { GrpcFrameDecoder } from '../../src/extproc/grpc-frames.ts';
import { decodeProcessingRequest } from '../../src/extproc/processing-request.ts';
import { encodeForward, encodeRespond } from '../../src/extproc/processing-response.ts';
import { MalformedMessageError } from '../../src/extproc/protobuf-reader.ts';
import {
  decodeResponse,
  encodeRequest,
  frame,
  type HeaderMutation,
  metadataOf,
} from '../wire/ext-proc-messages.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const name = fc.stringMatching(/^:?[a-z][a-z0-9-]{0,20}$/);
/** Header values: one character per byte. */
const latin1 = bytes.map((value) => Buffer.from(value).toString('latin1'));
const pairs: fc.Arbitrary<HeaderPair[]> = fc.array(fc.tuple(name, latin1), { maxLength: 40 });
/** Any text, lone surrogates included: they become U+FFFD on every way out. */
const text = fc.string({ unit: 'binary', maxLength: 400 });
const wellFormed = (value: string): string => Buffer.from(value).toString();

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

const tag = (field: number, wireType: number): number[] => varint(field * 8 + wireType);
const delimited = (field: number, content: Uint8Array): Buffer =>
  Buffer.from([...tag(field, 2), ...varint(content.length), ...content]);

/** Fields beyond those of any message here, in every wire type that proto3 has. */
const unknownField: fc.Arbitrary<Buffer> = fc
  .tuple(fc.integer({ min: 20, max: 200_000 }), fc.constantFrom(0, 1, 2, 5), fc.uint8Array({ maxLength: 8 }))
  .map(([field, wireType, content]) => {
    if (wireType === 2) return delimited(field, content);
    const size = { 0: 10, 1: 8, 5: 4 }[wireType] ?? 0;
    const value = wireType === 0 ? [...Array<number>(9).fill(255), 1] : Array<number>(size).fill(7);
    return Buffer.from([...tag(field, wireType), ...value]);
  });

/** The fields with unknown ones among them. */
const between = (fields: readonly Buffer[], unknown: readonly Buffer[]): Buffer =>
  Buffer.concat(
    fields.flatMap((field, at) => [field, ...(unknown[at] ? [unknown[at]] : [])]).concat(unknown),
  );

describe('reading', () => {
  it('finds the head that the oracle wrote', () => {
    fc.assert(
      fc.property(pairs, fc.boolean(), fc.boolean(), (headers, endOfStream, raw) => {
        const list = headers.map(([key, value]) =>
          raw
            ? { key, raw_value: Buffer.from(value, 'latin1') }
            : { key, value: value.replace(/[^ -~]/g, '') },
        );
        const request = decodeProcessingRequest(
          encodeRequest({ request_headers: { headers: { headers: list }, end_of_stream: endOfStream } }),
        );
        if (request.type !== 'request-headers') throw new Error(request.type);
        expect(request.head.endOfStream).toBe(endOfStream);
        for (const { key } of list) {
          const first = list.find((entry) => entry.key === key);
          const expected = first?.raw_value?.toString('latin1') ?? first?.value;
          expect(request.head.header(key)).toBe(expected);
        }
      }),
    );
  });

  it('finds the fields in any order among any others', () => {
    const unknown = fc.array(unknownField, { maxLength: 3 });
    fc.assert(
      fc.property(name, latin1, unknown, fc.boolean(), (key, value, others, swap) => {
        const order = (fields: Buffer[]): Buffer[] => (swap ? fields.reverse() : fields);
        const entry = between(
          order([delimited(1, Buffer.from(key)), delimited(3, Buffer.from(value, 'latin1'))]),
          others,
        );
        const map = between([delimited(1, entry)], others);
        const head = between(order([delimited(1, map), Buffer.from([...tag(3, 0), 1])]), others);
        const request = decodeProcessingRequest(between([delimited(2, head)], others));
        if (request.type !== 'request-headers') throw new Error(request.type);
        expect(request.head.header(key)).toBe(value);
        expect(request.head.endOfStream).toBe(true);
      }),
    );
  });

  it('finds the body', () => {
    fc.assert(
      fc.property(bytes, fc.array(unknownField, { maxLength: 3 }), (body, others) => {
        const message = Buffer.concat([...others, encodeRequest({ request_body: { body } }), ...others]);
        const request = decodeProcessingRequest(message);
        if (request.type !== 'request-body') throw new Error(request.type);
        expect(request.body.equals(body)).toBe(true);
      }),
    );
  });

  it('makes a request or a MalformedMessageError of any bytes', () => {
    fc.assert(
      fc.property(bytes, (noise) => {
        try {
          expect(decodeProcessingRequest(Buffer.from(noise)).type).toMatch(/^re(quest|sponse)-/);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MalformedMessageError);
        }
      }),
    );
  });
});

function headersOf(mutation: HeaderMutation | undefined): HeaderPair[] {
  return (mutation?.set_headers ?? []).map(({ header }) => [
    header.key ?? '',
    Buffer.from(header.raw_value ?? []).toString('latin1'),
  ]);
}

describe('writing', () => {
  it('a forward that the oracle reads', () => {
    const forward: fc.Arbitrary<Forward> = fc.record(
      {
        type: fc.constant('forward' as const),
        setHeaders: pairs,
        removeHeaders: fc.array(name),
        body: fc.oneof(
          bytes,
          fc.integer({ min: 4000, max: 70_000 }).map((size) => new Uint8Array(size).fill(7)),
        ),
        metadata: fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), text),
      },
      { requiredKeys: ['type', 'setHeaders', 'removeHeaders', 'metadata'] },
    );
    fc.assert(
      fc.property(forward, (reaction) => {
        const reply = decodeResponse(Buffer.concat(encodeForward('request-body', reaction)).subarray(5));
        const common = reply.request_body?.response;
        expect(headersOf(common?.header_mutation)).toEqual(reaction.setHeaders);
        expect(common?.header_mutation?.remove_headers ?? []).toEqual(reaction.removeHeaders);
        expect(common?.body_mutation === undefined).toBe(reaction.body === undefined);
        if (reaction.body !== undefined) expect(common?.body_mutation?.body.equals(reaction.body)).toBe(true);
        const metadata = Object.entries(reaction.metadata).map(([key, value]) => [key, wellFormed(value)]);
        expect(metadataOf(reply)).toEqual(Object.fromEntries(metadata));
      }),
    );
  });

  it('an answer that the oracle reads', () => {
    const status = fc.constantFrom(200, 400, 404, 405, 413, 415, 500, 501);
    fc.assert(
      fc.property(status, pairs, text, name, (code, headers, body, details) => {
        const frames = encodeRespond({ type: 'respond', status: code, headers, body, details });
        const immediate = decodeResponse(frames.subarray(5)).immediate_response;
        expect(immediate?.status.code).toBe(code);
        expect(headersOf(immediate?.headers)).toEqual(headers);
        expect(immediate?.body?.toString() ?? '').toBe(wellFormed(body));
        expect(immediate?.details).toBe(details);
      }),
    );
  });
});

describe('framing', () => {
  it('gives the same messages for any chunking', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(messages, sizes, (sent, chunkSizes) => {
        const stream = Buffer.concat(sent.map((message) => frame(message)));
        const decoder = new GrpcFrameDecoder(1000);
        const received: Buffer[] = [];
        const push = (chunk: Buffer): void => decoder.push(chunk, (message) => received.push(message));
        let at = 0;
        for (const size of chunkSizes) {
          push(stream.subarray(at, at + size));
          at = Math.min(at + size, stream.length);
        }
        push(stream.subarray(at));
        expect(received.map((message) => message.toString('hex'))).toEqual(
          sent.map((message) => Buffer.from(message).toString('hex')),
        );
        expect(decoder.cut).toBe(false);
      }),
    );
  });
});
