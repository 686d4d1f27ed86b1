import { expect, test } from 'vitest';
import { EncodingQueue } from '../../../../src/decide/embedded/encoding-queue.ts';
import { PolicyVectors } from '../../../../src/decide/embedded/policy-vectors.ts';
import { RouteVectors } from '../../../../src/decide/embedded/route-vectors.ts';

const never = new AbortController().signal;
const policy = (name: string, ...examples: string[]) => [{ name, description: name, examples }];

/** Single texts are forgotten at once, so that what is encoded shows what policies are remembered. */
function setUp(mostVectors: number) {
  const encoded: string[] = [];
  const encode = async ({ text }: { text: string }) => {
    encoded.push(text);
    return Float32Array.of(1);
  };
  const vectors = new RouteVectors({ encode, close: async () => {} }, new EncodingQueue(), 0);
  return { encoded, policies: new PolicyVectors(vectors, mostVectors) };
}

test('a policy is encoded once, with its examples', async () => {
  const { encoded, policies } = setUp(10);
  const first = await policies.of('1', policy('a', 'x', 'y'), never);
  expect(await policies.of('1', policy('a', 'x', 'y'), never)).toEqual(first);
  expect(encoded).toEqual(['route: a: a', 'x', 'y']);
  expect(policies.size).toBe(3);
});

test('what was not used for longest is forgotten; the vectors of all policies are bounded', async () => {
  const { encoded, policies } = setUp(4);
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await policies.of(name, policy(name, 'x'), never);
  expect(encoded.filter((text) => text !== 'x')).toEqual(
    ['a', 'b', 'c', 'b'].map((n) => `route: ${n}: ${n}`),
  );
  for (let index = 0; index < 50; index++) await policies.of(`${index}`, policy('z', 'x'), never);
  expect(policies.size).toBe(4);
});

test('one that alone exceeds the bound is answered, and not kept', async () => {
  const { policies } = setUp(2);
  expect(await policies.of('1', policy('a', 'x', 'y'), never)).toHaveLength(1);
  expect(policies.size).toBe(0);
});

test('one that is asked for twice at a time counts once', async () => {
  const { policies } = setUp(10);
  await Promise.all([policies.of('1', policy('a'), never), policies.of('1', policy('a'), never)]);
  expect(policies.size).toBe(1);
});

test('a policy of which the caller did not see the end is not kept', async () => {
  const { policies } = setUp(10);
  await expect(policies.of('1', policy('a'), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(policies.size).toBe(0);
});
