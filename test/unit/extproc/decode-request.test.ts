// What the oracle writes, our reader reads; what is no message at all, it refuses.

// @ts-expect-error: it has no types of its own
import googleProtobuf from 'google-protobuf';
import { describe, expect, it } from 'vitest';
import type { RequestHead } from '../../../src/contract/exchange.ts';
import { decodeProcessingRequest } from '../../../src/extproc/processing-request.ts';
import { MalformedMessageError } from '../../../src/extproc/protobuf-reader.ts';
import {
  answerHeadMessage,
  bodyMessage,
  encodeRequest,
  type HeaderValue,
  headMessage,
  pieceMessage,
} from '../../wire/ext-proc-messages.ts';

function headOf(message: Buffer): RequestHead {
  const request = decodeProcessingRequest(message);
  if (request.type !== 'request-headers') throw new Error(`not a head: ${request.type}`);
  return request.head;
}

function bodyOf(message: Buffer): Buffer {
  const request = decodeProcessingRequest(message);
  if (request.type !== 'request-body') throw new Error(`not a body: ${request.type}`);
  return request.body;
}

const withHeaders = (...headers: HeaderValue[]): Buffer =>
  encodeRequest({ request_headers: { headers: { headers } } });

/** A length-delimited field. */
const field = (number: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);

describe('decodeProcessingRequest', () => {
  it('reads a head', () => {
    const head = headOf(encodeRequest(headMessage({ ':method': 'POST', ':path': '/v1/x?y', accept: '*/*' })));
    expect(head).toMatchObject({ method: 'POST', path: '/v1/x?y', endOfStream: false });
    expect(head.header('accept')).toBe('*/*');
    expect(head.header('missing')).toBeUndefined();
    expect(headOf(encodeRequest(headMessage({}, true)))).toMatchObject({
      method: '',
      path: '',
      endOfStream: true,
    });
  });

  it('takes a value from raw_value or from value, whichever is filled', () => {
    const raw_value = Buffer.from('raw');
    expect(headOf(withHeaders({ key: 'a', raw_value })).header('a')).toBe('raw');
    expect(headOf(withHeaders({ key: 'a', value: 'text' })).header('a')).toBe('text');
    expect(headOf(withHeaders({ key: 'a', value: '', raw_value })).header('a')).toBe('raw');
    expect(headOf(withHeaders({ key: 'a' })).header('a')).toBe('');
    const rawFirst = field(
      1,
      Buffer.concat([field(1, Buffer.from('a')), field(3, raw_value), field(2, Buffer.alloc(0))]),
    );
    expect(headOf(field(2, field(1, rawFirst))).header('a')).toBe('raw');
  });

  it('keeps every byte of a header value, and the first of two headers of one name', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(headOf(withHeaders({ key: 'a', raw_value: bytes })).header('a')).toBe(bytes.toString('latin1'));
    const twice = withHeaders(
      { key: 'a', raw_value: Buffer.from('1') },
      { key: 'a', raw_value: Buffer.from('2') },
    );
    expect(headOf(twice).header('a')).toBe('1');
  });

  it('reads a body in place', () => {
    const body = Buffer.from('{"messages":[]}');
    const message = encodeRequest(bodyMessage(body));
    expect(bodyOf(message)).toEqual(body);
    expect(bodyOf(message).buffer).toBe(message.buffer);
    expect(bodyOf(encodeRequest({ request_body: {} }))).toHaveLength(0);
  });

  it('reads an answer: its status, and the pieces of its body', () => {
    const head = decodeProcessingRequest(
      encodeRequest(answerHeadMessage({ ':status': '429', etag: 'x' }, true)),
    );
    if (head.type !== 'response-headers') throw new Error(head.type);
    expect([head.head.status, head.head.header('etag'), head.head.endOfStream]).toEqual([429, 'x', true]);
    expect(decodeProcessingRequest(encodeRequest(pieceMessage('abc', true)))).toEqual({
      type: 'response-body',
      body: Buffer.from('abc'),
      isLast: true,
    });
  });

  it.each(['request_trailers', 'response_trailers'] as const)('knows %s by its name', (name) => {
    const message = encodeRequest({ [name]: {} });
    expect(decodeProcessingRequest(message)).toEqual({ type: name.replace('_', '-') });
  });

  it('takes the last where a peer sends two, as the format wants it', () => {
    const both = Buffer.concat([
      encodeRequest(headMessage({})),
      encodeRequest(bodyMessage(Buffer.from('x'))),
    ]);
    expect(bodyOf(both).toString()).toBe('x');
  });

  it.each([
    ['nothing', ''],
    ['only what we do not know', '5000'],
    ['a cut tag', '80'],
    ['a varint of eleven bytes', '50ffffffffffffffffffff01'],
    ['a cut length', '22'],
    ['a length beyond the message', '220a0a02'],
    ['an inner length beyond its message', '22020a05'],
    ['a length of 4 GB', '22ffffffff0f'],
    ['a length that is small only in its low 32 bits', '228080808010'],
    ['a cut fixed32', '22005d0000'],
    ['a cut fixed64', '2200590000'],
    ['a wire type that is not in use', '220057'],
    ['a group', '220053'],
    ['field number 0', '2200000000'],
    ['field number 0 inside', '2204000000 00'.replace(' ', '')],
    ['field number 0 with a length', '22000200'],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeProcessingRequest(Buffer.from(hex, 'hex'))).toThrow(MalformedMessageError);
  });

  it('refuses a message that is cut anywhere', () => {
    const message = encodeRequest(headMessage({ ':method': 'POST', ':path': '/', 'x-a': 'b' }));
    for (let length = 0; length < message.length; length += 1)
      expect(() => decodeProcessingRequest(message.subarray(0, length)), `${length}`).toThrow(
        MalformedMessageError,
      );
  });
});

describe("google-protobuf's reader", () => {
  /** The parts used here. */
  interface BinaryReader {
    nextField(): boolean;
    getFieldNumber(): number;
    skipField(): void;
    readMessage(target: object, read: (target: object, reader: BinaryReader) => void): void;
    readString(): string;
    readBytes(): Uint8Array;
    readBool(): boolean;
  }
  const { BinaryReader: Reader } = googleProtobuf as {
    BinaryReader: new (bytes: Uint8Array) => BinaryReader;
  };

  function fields(reader: BinaryReader, readers: Readonly<Record<number, () => void>>): void {
    while (reader.nextField()) (readers[reader.getFieldNumber()] ?? ((): void => reader.skipField()))();
  }

  it('finds the same head in the same bytes', () => {
    const message = encodeRequest(headMessage({ ':method': 'POST', ':path': '/', 'x-a': 'ä' }, true));
    const found: [string, string][] = [];
    let endOfStream = false;
    const reader = new Reader(message);
    const inside = (read: () => void): void => reader.readMessage({}, read);
    const readEntry = (): void => {
      let key = '';
      let value = '';
      fields(reader, {
        1: () => (key = reader.readString()),
        3: () => (value = Buffer.from(reader.readBytes()).toString('latin1')),
      });
      found.push([key, value]);
    };
    fields(reader, {
      2: () =>
        inside(() =>
          fields(reader, {
            1: () => inside(() => fields(reader, { 1: () => inside(readEntry) })),
            3: () => (endOfStream = reader.readBool()),
          }),
        ),
    });
    const head = headOf(message);
    expect(found).toHaveLength(3);
    for (const [key, value] of found) expect(head.header(key)).toBe(value);
    expect(head.endOfStream).toBe(endOfStream);
  });
});
