// The cache of route vectors: what is encoded when, and that it stays bounded.

import { describe, expect, it } from 'vitest';
import { EncodingQueue } from '../../../../src/decide/embedded/encoding-queue.ts';
import { RouteVectors, routeText } from '../../../../src/decide/embedded/route-vectors.ts';

const route = (name: string, ...examples: string[]) => ({ name, description: `all about ${name}`, examples });
const never = new AbortController().signal;

function setUp(maxEntries: number) {
  const encoded: string[] = [];
  const encoder = {
    encode: async ({ text }: { text: string }) => {
      encoded.push(text);
      return Float32Array.of(text.length);
    },
    close: async () => {},
  };
  return { encoded, vectors: new RouteVectors(encoder, new EncodingQueue(), maxEntries) };
}

describe('routeText', () => {
  it('writes a name as words', () => {
    expect(routeText({ name: 'code_review-fast', description: 'Reads code', examples: [] })).toBe(
      'route: code review fast: Reads code',
    );
  });
});

describe('RouteVectors', () => {
  it('encodes a description and its examples once', async () => {
    const { encoded, vectors } = setUp(10);
    const first = await vectors.of(route('a', 'x', 'y'), never);
    const second = await vectors.of(route('a', 'x', 'y'), never);
    expect(encoded).toEqual(['route: a: all about a', 'x', 'y']);
    expect(first.examples).toHaveLength(2);
    expect(second).toEqual(first);
  });

  it('encodes again when the wording changes', async () => {
    const { encoded, vectors } = setUp(10);
    await vectors.of(route('a'), never);
    await vectors.of({ ...route('a'), description: 'something else' }, never);
    expect(encoded).toHaveLength(2);
  });

  it('forgets what was not used for longest, and holds its bound', async () => {
    const { encoded, vectors } = setUp(2);
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await vectors.of(route(name), never);
    expect(encoded.map((text) => text[7])).toEqual(['a', 'b', 'c', 'b']);
    for (let index = 0; index < 100; index++) await vectors.of(route(`${index}`), never);
    expect(vectors.size).toBe(2);
  });

  it('encodes once what several ask for at a time', async () => {
    const { encoded, vectors } = setUp(10);
    await Promise.all([vectors.of(route('a', 'x'), never), vectors.of(route('a', 'x'), never)]);
    expect(encoded).toEqual(['route: a: all about a', 'x']);
  });

  it('never forgets what was prepared', async () => {
    const { encoded, vectors } = setUp(2);
    await vectors.prepare(route('a', 'x', 'y', 'z'), never);
    for (let index = 0; index < 100; index++) await vectors.of(route(`${index}`), never);
    encoded.length = 0;
    await vectors.of(route('a', 'x', 'y', 'z'), never);
    expect(encoded).toEqual([]);
  });

  it('stops when the caller has gone, and keeps what it has', async () => {
    const { encoded, vectors } = setUp(10);
    await vectors.of(route('a'), never);
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(vectors.of(route('b'), gone)).rejects.toThrow('gone');
    await expect(vectors.of(route('a'), gone)).resolves.toBeDefined();
    expect(encoded).toHaveLength(1);
  });
});
