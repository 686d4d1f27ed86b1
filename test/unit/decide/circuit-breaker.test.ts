import { beforeEach, describe, expect, test } from 'vitest';
import { CircuitBreaker, type Permit } from '../../../src/decide/circuit-breaker.ts';

let now = 0;
let events: string[] = [];
let breaker: CircuitBreaker;

beforeEach(() => {
  now = 1_000;
  events = [];
  breaker = new CircuitBreaker({
    now: () => now,
    failuresToOpen: 3,
    firstBackoff: 5_000,
    longestBackoff: 60_000,
    onOpen: (backoff) => events.push(`open ${backoff}`),
    onClose: () => events.push('close'),
  });
});

function acquire(): Permit {
  const permit = breaker.acquire();
  if (permit === undefined) throw new Error('no permit');
  return permit;
}

function open(): void {
  for (let failure = 0; failure < 3; failure++) acquire().fail();
}

describe('CircuitBreaker', () => {
  test('opens after three failures in a row', () => {
    acquire().fail();
    acquire().fail();
    expect(breaker.state).toBe('closed');
    acquire().fail();
    expect(breaker.state).toBe('open');
    expect(breaker.acquire()).toBeUndefined();
    expect(breaker.isPassable).toBe(false);
    expect(events).toEqual(['open 5000']);
  });

  test('a success in between starts the count again', () => {
    acquire().fail();
    acquire().fail();
    acquire().succeed();
    acquire().fail();
    acquire().fail();
    expect(breaker.state).toBe('closed');
    expect(events).toEqual([]);
  });

  test('after the back-off one caller may probe, and only one', () => {
    open();
    now += 4_999;
    expect(breaker.isPassable).toBe(false);
    now += 1;
    expect(breaker.isPassable).toBe(true);
    const probe = acquire();
    expect(breaker.state).toBe('half-open');
    expect(breaker.acquire()).toBeUndefined();
    probe.succeed();
    expect(breaker.state).toBe('closed');
    expect(events).toEqual(['open 5000', 'close']);
  });

  test('the back-off doubles with each failed probe, up to the longest, silently', () => {
    open();
    for (const backoff of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      now += backoff - 1;
      expect(breaker.acquire()).toBeUndefined();
      now += 1;
      acquire().fail();
      expect(breaker.state).toBe('open');
    }
    expect(events).toEqual(['open 5000']);
  });

  test('after it closed, the back-off begins small again', () => {
    open();
    now += 5_000;
    acquire().fail();
    now += 10_000;
    acquire().succeed();
    open();
    now += 5_000;
    expect(breaker.isPassable).toBe(true);
    expect(events).toEqual(['open 5000', 'close', 'open 5000']);
  });

  test('failures of calls that began before it opened change nothing', () => {
    const late = [acquire(), acquire()];
    open();
    late[0]?.fail();
    now += 5_000;
    const probe = acquire();
    late[1]?.fail();
    expect(breaker.state).toBe('half-open');
    probe.succeed();
    expect(breaker.state).toBe('closed');
  });

  test('a late success closes it', () => {
    const late = acquire();
    open();
    late.succeed();
    expect(breaker.state).toBe('closed');
    expect(events).toEqual(['open 5000', 'close']);
  });

  test('a probe whose caller went away leaves the turn to the next', () => {
    open();
    now += 5_000;
    acquire().abandon();
    expect(breaker.state).toBe('open');
    acquire().fail();
    now += 9_999;
    expect(breaker.isPassable).toBe(false);
    now += 1;
    expect(breaker.isPassable).toBe(true);
  });

  test('an abandoned call of a closed breaker says nothing', () => {
    acquire().fail();
    acquire().fail();
    acquire().abandon();
    expect(breaker.state).toBe('closed');
    acquire().fail();
    expect(breaker.state).toBe('open');
  });

  test('a permit is used once', () => {
    const permit = acquire();
    permit.fail();
    permit.fail();
    permit.fail();
    expect(breaker.state).toBe('closed');
  });
});
