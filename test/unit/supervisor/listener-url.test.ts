import { expect, test } from 'vitest';
import { listenerUrl } from '../../../src/supervisor/listener-url.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:12000'],
  ['10.1.2.3', 'http://10.1.2.3:12000'],
  ['0.0.0.0', 'http://127.0.0.1:12000'],
  ['::', 'http://[::1]:12000'],
  ['::1', 'http://[::1]:12000'],
  ['fe80::2', 'http://[fe80::2]:12000'],
])('%s is reached at %s', (address, url) => {
  expect(listenerUrl(address, 12000)).toBe(url);
  expect(new URL(url).port).toBe('12000');
});
