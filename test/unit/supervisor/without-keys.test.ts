import { expect, test } from 'vitest';
import { withoutKeys, withoutKeysButAws } from '../../../src/supervisor/without-keys.ts';

const env = {
  PATH: '/bin',
  TMPDIR: '/tmp',
  OPENAI_API_KEY: 'sk-secret',
  AWS_SECRET_ACCESS_KEY: 'x',
  AWS_BEARER_TOKEN_BEDROCK: 'b',
  MY_TOKEN: 'y',
};

test('what a program needs to run stays, and no key does', () => {
  expect(withoutKeys(env)).toEqual({ PATH: '/bin', TMPDIR: '/tmp' });
});

test('where Envoy signs, it gets what AWS signs with and nothing else', () => {
  expect(withoutKeysButAws(env)).toEqual({ PATH: '/bin', TMPDIR: '/tmp', AWS_SECRET_ACCESS_KEY: 'x' });
});
