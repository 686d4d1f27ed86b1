import { expect, test } from 'vitest';
import type { RequestHead } from '../../../src/contract/exchange.ts';
import { keyOf } from '../../../src/request/caller-identity.ts';

const head = (headers: Readonly<Record<string, string>>, path = '/v1/responses'): RequestHead => ({
  method: 'POST',
  path,
  endOfStream: false,
  header: (name) => headers[name],
});
const ID = 'resp_0123456789abcdef01234567';
const key = (headers: Readonly<Record<string, string>>, path?: string, id = ID): string =>
  keyOf(head(headers, path), id);

test('the same key is the same caller in whatever form it comes', () => {
  const one = key({ authorization: 'Bearer sk-1' });
  expect(key({ authorization: 'bearer  sk-1 ' })).toBe(one);
  expect(key({ 'x-api-key': 'sk-1' })).toBe(one);
  expect(key({ 'api-key': 'sk-1' })).toBe(one);
  expect(key({ 'x-goog-api-key': 'sk-1' })).toBe(one);
  expect(key({}, '/v1/responses?key=sk-1')).toBe(one);
  expect(key({}, '/v1/responses?x=1&api_key=sk%2D1')).toBe(one);
  expect(key({ authorization: 'Bearer sk-1', 'x-api-key': 'sk-1' })).toBe(one);
});

test('everything else is another', () => {
  const keys = [
    key({}),
    key({ authorization: 'Bearer sk-1' }),
    key({ authorization: 'Bearer sk-2' }),
    key({ authorization: 'Bearer sk-1', 'x-api-key': 'sk-2' }),
    key({ authorization: 'Bearer sk-1', 'openai-organization': 'org-1' }),
    key({ authorization: 'Bearer sk-1', 'openai-project': 'org-1' }),
    key({ 'openai-organization': 'sk-1' }),
    key({ 'chatgpt-account-id': 'sk-1' }),
    key({ 'x-goog-user-project': 'sk-1' }),
    key({ authorization: 'Bearer sk-1' }, '/v1/responses', 'resp_other'),
    key({ authorization: 'Bearer sk-1,sk-2' }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('callers without credentials are one', () => {
  expect(key({ authorization: ' ' })).toBe(key({}, '/v1/responses?key='));
});

test('it holds neither the key nor the id', () => {
  expect(key({ authorization: 'Bearer sk-1' })).toMatch(/^[\w-]{43}$/);
});
