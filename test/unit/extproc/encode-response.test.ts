// What our writer writes, the oracle reads.

import { describe, expect, it } from 'vitest';
import type { Forward, Respond } from '../../../src/contract/exchange.ts';
import { HEALTH_NOT_SERVING, HEALTH_SERVING } from '../../../src/extproc/health.ts';
import { encodeContinue, encodeForward, encodeRespond } from '../../../src/extproc/processing-response.ts';
import { ProtobufWriter } from '../../../src/extproc/protobuf-writer.ts';
import {
  decodeResponse,
  HEALTH_CHECK,
  metadataOf,
  type ResponseMessage,
} from '../../wire/ext-proc-messages.ts';

function unframed(buffers: readonly Buffer[]): Buffer {
  const frame = Buffer.concat(buffers);
  expect(frame[0]).toBe(0);
  expect(frame.readUInt32BE(1)).toBe(frame.length - 5);
  return frame.subarray(5);
}

const decoded = (...buffers: readonly Buffer[]): ResponseMessage => decodeResponse(unframed(buffers));

const forward = (more: Partial<Forward> = {}): Forward => ({
  type: 'forward',
  setHeaders: [],
  removeHeaders: [],
  metadata: {},
  ...more,
});

const respond = (more: Partial<Respond> = {}): Respond => ({
  type: 'respond',
  status: 400,
  headers: [],
  body: '',
  details: 'd',
  ...more,
});

describe('encodeForward', () => {
  it('sets and removes headers in their order, overwriting, and asks for a new route', () => {
    const [reply, ...more] = encodeForward(
      'request-body',
      forward({
        setHeaders: [
          [':path', '/v1/x'],
          ['x-bytes', '\u0001\u00ff'],
          ['x-empty', ''],
        ],
        removeHeaders: ['authorization', 'x-api-key'],
      }),
    );
    expect(more).toEqual([]);
    const common = decoded(reply as Buffer).request_body?.response;
    expect(common?.clear_route_cache).toBe(true);
    expect(common?.body_mutation).toBeUndefined();
    const set = common?.header_mutation?.set_headers ?? [];
    expect(
      set.map(({ header }) => [header.key, Buffer.from(header.raw_value ?? []).toString('latin1')]),
    ).toEqual([
      [':path', '/v1/x'],
      ['x-bytes', '\u0001\u00ff'],
      ['x-empty', ''],
    ]);
    expect(set.every(({ append_action }) => append_action === 2)).toBe(true);
    expect(common?.header_mutation?.remove_headers).toEqual(['authorization', 'x-api-key']);
  });

  it('answers the stage it is told', () => {
    expect(decoded(...encodeForward('request-headers', forward())).response).toBe('request_headers');
    expect(decoded(...encodeForward('request-body', forward())).response).toBe('request_body');
  });

  it.each([0, 1, 4095, 4096, 4097, 200_000, 3_000_000])('carries a body of %d bytes', (size) => {
    const body = Buffer.alloc(size, 'abc');
    const buffers = encodeForward(
      'request-body',
      forward({ body, setHeaders: [['a', 'b']], metadata: { m: 'v' } }),
    );
    const reply = decoded(...buffers);
    expect(reply.request_body?.response?.body_mutation?.body.equals(body)).toBe(true);
    expect(reply.request_body?.response?.header_mutation?.set_headers).toHaveLength(1);
    expect(metadataOf(reply)).toEqual({ m: 'v' });
    // A large body goes out from where it lies.
    expect(buffers).toHaveLength(size < 4096 ? 1 : 2);
    if (buffers[1] !== undefined) expect(buffers[1].buffer).toBe(body.buffer);
  });

  it('carries a body that is a part of a larger buffer', () => {
    const whole = new Uint8Array(20_000).map((_, index) => index % 251);
    const body = whole.subarray(5_000, 15_000);
    const reply = decoded(...encodeForward('request-body', forward({ body })));
    expect(reply.request_body?.response?.body_mutation?.body.equals(body)).toBe(true);
  });

  it('grows where its guess was too small', () => {
    const metadata = { long: 'ü€🚂'.repeat(20_000), empty: '', 'ascii key': 'x' };
    const removeHeaders = Array.from({ length: 500 }, (_, index) => `x-header-number-${index}`);
    for (const body of [undefined, Buffer.alloc(100, 1), Buffer.alloc(10_000, 2)]) {
      const more = body === undefined ? {} : { body };
      const reply = decoded(...encodeForward('request-body', forward({ metadata, removeHeaders, ...more })));
      expect(metadataOf(reply)).toEqual(metadata);
      const common = reply.request_body?.response;
      expect(common?.header_mutation?.remove_headers).toEqual(removeHeaders);
      if (body !== undefined) expect(common?.body_mutation?.body.equals(body)).toBe(true);
    }
  });
});

describe('encodeRespond', () => {
  it('carries status, headers, details and a UTF-8 body, marked as ours', () => {
    const body = JSON.stringify({ error: { message: 'nicht möglich: 日本語 🚂' } });
    const reply = decoded(
      encodeRespond(
        respond({ status: 413, headers: [['content-type', 'application/json']], body, details: 'too_large' }),
      ),
    );
    expect(reply.response).toBe('immediate_response');
    const immediate = reply.immediate_response;
    expect(immediate?.status.code).toBe(413);
    expect(immediate?.details).toBe('too_large');
    expect(immediate?.body?.toString()).toBe(body);
    expect(immediate?.headers?.set_headers).toMatchObject([
      { header: { key: 'content-type', raw_value: Buffer.from('application/json') }, append_action: 2 },
    ]);
    expect(metadataOf(reply)).toEqual({ answered_by: 'pointsman' });
  });

  it('grows with a body of three bytes to a character', () => {
    const body = '日'.repeat(100_000);
    expect(decoded(encodeRespond(respond({ body }))).immediate_response?.body?.toString()).toBe(body);
  });
});

describe('the constant replies', () => {
  it.each([
    'request-headers',
    'response-headers',
    'request-body',
    'response-body',
    'request-trailers',
    'response-trailers',
  ] as const)('%s: an empty answer to that stage', (stage) => {
    const name = stage.replace('-', '_');
    expect(decoded(encodeContinue(stage))).toEqual({ response: name, [name]: expect.any(Object) });
    expect(decoded(encodeContinue(stage))).not.toHaveProperty(`${name}.response`);
  });

  it('health: serving, not serving', () => {
    expect(HEALTH_CHECK.responseDeserialize(unframed([HEALTH_SERVING]))).toEqual({ status: 1 });
    expect(HEALTH_CHECK.responseDeserialize(unframed([HEALTH_NOT_SERVING]))).toEqual({ status: 2 });
  });
});

describe('ProtobufWriter', () => {
  it.each([
    [0, '0800'],
    [127, '087f'],
    [128, '088001'],
    [16_383, '08ff7f'],
    [16_384, '08808001'],
    [2_097_151, '08ffff7f'],
    [2_097_152, '0880808001'],
    [268_435_455, '08ffffff7f'],
    [268_435_456, '088080808001'],
    [4_294_967_295, '08ffffffff0f'],
  ])('writes %d in as few bytes as it takes', (value, hex) => {
    const writer = new ProtobufWriter(0);
    writer.uint(1, value);
    expect(unframed([writer.finishFrame()]).toString('hex')).toBe(hex);
  });
});
