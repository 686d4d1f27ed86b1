import { expect, test } from 'vitest';
import { withoutKeys } from '../../../src/supervisor/without-keys.ts';

test('what a program needs to run stays, and no key does', () => {
  const env = {
    PATH: '/bin',
    TMPDIR: '/tmp',
    OPENAI_API_KEY: 'sk-secret',
    AWS_SECRET_ACCESS_KEY: 'x',
    MY_TOKEN: 'y',
  };
  expect(withoutKeys(env)).toEqual({ PATH: '/bin', TMPDIR: '/tmp' });
});
