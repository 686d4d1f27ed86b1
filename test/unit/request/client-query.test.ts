import { expect, test } from 'vitest';
import { clientQuery } from '../../../src/request/client-query.ts';

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
