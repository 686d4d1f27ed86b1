import { expect, test } from 'vitest';
import { clientHeader, clientQuery } from '../../../src/request/client-query.ts';

test.each([
  ['/v1/messages', ''],
  ['/v1/messages?', ''],
  ['/v1/messages?beta=true', 'beta=true'],
  ['/v1beta/models/g:generateContent?key=secret', ''],
  ['/v1beta/models/g:generateContent?alt=sse&key=secret&x=1', 'alt=sse&x=1'],
  ['/v1/chat/completions?api-key=secret&api_key=secret&API-KEY=secret&access_token=secret', ''],
  ['/v1/chat/completions?apikey=secret&oauth_token=secret&subscription-key=secret&x=1', 'x=1'],
  ['/v1/messages?X-Amz-Security-Token=secret&X-Amz-Signature=secret&beta=true', 'beta=true'],
  ['/v1/messages?%6bey=secret&api%2Dkey=secret&beta=true', 'beta=true'],
  ['/v1/messages?key&a=%', 'a=%'],
  ['/v1/chat/completions?monkey=1', 'monkey=1'],
])('of %s is %j', (path, query) => {
  expect(clientQuery(path)).toBe(query);
});

test.each([
  ['?key=theirs', {}, 'theirs'],
  ['?alt=sse&key=%74heirs', {}, 'theirs'],
  ['?key=other', { 'x-goog-api-key': 'theirs' }, 'theirs'],
  ['?key=', {}, undefined],
  ['?key=a%0d%0ax-evil:1', {}, undefined],
  ['?api_key=theirs', {}, undefined],
  ['', {}, undefined],
])("Google's key in %j counts as its header", (query, headers: Record<string, string>, key) => {
  const path = `/v1beta/models/g:generateContent${query}`;
  const head = { method: 'POST', path, endOfStream: false, header: (name: string) => headers[name] };
  expect(clientHeader(head, 'gemini', 'x-goog-api-key')).toBe(key);
  expect(clientHeader(head, 'openai-chat', 'x-goog-api-key')).toBe(headers['x-goog-api-key']);
  expect(clientHeader(head, 'gemini', 'authorization')).toBeUndefined();
});
