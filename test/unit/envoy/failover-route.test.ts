// What Envoy is told to move on from.

import { expect, test } from 'vitest';
import { failoverRetryPolicy } from '../../../src/envoy/failover-route.ts';
import { config } from '../request/stage-harness.ts';

const { failover } = config();
const NONE = {
  connectFailure: false,
  reset: false,
  firstByteTimeout: false,
  serverErrors: false,
  statuses: [],
};

test.each([
  [{ connectFailure: true }, 'connect-failure,refused-stream', undefined],
  [{ reset: true }, 'reset', undefined],
  [{ firstByteTimeout: true }, 'reset', undefined],
  [{ statuses: [408, 503] }, 'retriable-status-codes', [408, 503]],
  [{ reset: true, statuses: [503] }, 'reset,retriable-status-codes', [503]],
])('on %o', (more, conditions, statuses) => {
  const policy = failoverRetryPolicy({ ...failover, on: { ...NONE, ...more } });
  expect(policy['retry_on']).toBe(conditions);
  expect(policy['retriable_status_codes']).toEqual(statuses);
});

test('5xx is each of a hundred statuses, beside the single ones, each once', () => {
  const on = { ...NONE, serverErrors: true, statuses: [429, 503] };
  const statuses = failoverRetryPolicy({ ...failover, on })['retriable_status_codes'] as unknown as number[];
  expect(statuses).toHaveLength(101);
  expect(statuses).toEqual(expect.arrayContaining([429, 500, 599]));
});

test('waits as is configured, for a retry-after only where an attempt may stay', () => {
  const policy = failoverRetryPolicy({ ...failover, perTryTimeout: 0, backOff: { base: 50, max: 10 } });
  expect(policy['retry_back_off']).toEqual({ base_interval: '0.05s', max_interval: '0.05s' });
  expect(policy).not.toHaveProperty('per_try_timeout');
  expect(policy).not.toHaveProperty('rate_limited_retry_back_off');
  expect(failoverRetryPolicy({ ...failover, attemptsPerTarget: 2 })).toHaveProperty(
    'rate_limited_retry_back_off',
  );
});
