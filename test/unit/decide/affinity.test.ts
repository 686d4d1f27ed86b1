import { beforeEach, describe, expect, test } from 'vitest';
import { AffinityStore, type Pin } from '../../../src/decide/affinity.ts';

let now = 0;
let store: AffinityStore;
const pin = (model: string): Pin => ({ model, models: [model, 'spare/model'], route: 'code' });

beforeEach(() => {
  now = 0;
  store = new AffinityStore({ ttl: 1_000, maxEntries: 3, now: () => now });
});

describe('AffinityStore', () => {
  test('the first writer wins and everybody gets the winner', () => {
    expect(store.get('s')).toBeUndefined();
    expect(store.pinIfAbsent('s', pin('a/1'))).toEqual(pin('a/1'));
    expect(store.pinIfAbsent('s', pin('b/2'))).toEqual(pin('a/1'));
    expect(store.get('s')).toEqual(pin('a/1'));
    expect(store.get('other')).toBeUndefined();
  });

  test('a pin ends one TTL after its last use', () => {
    store.pinIfAbsent('s', pin('a/1'));
    now = 999;
    expect(store.get('s')).toEqual(pin('a/1'));
    now = 1_998;
    expect(store.pinIfAbsent('s', pin('b/2'))).toEqual(pin('a/1'));
    now = 2_998;
    expect(store.get('s')).toBeUndefined();
    expect(store.pinIfAbsent('s', pin('b/2'))).toEqual(pin('b/2'));
  });

  test('drops the session used longest ago when it is full', () => {
    for (const id of ['1', '2', '3']) store.pinIfAbsent(id, pin(id));
    store.get('1');
    store.pinIfAbsent('4', pin('4'));
    expect(['1', '2', '3', '4'].filter((id) => store.get(id) !== undefined)).toEqual(['1', '3', '4']);
  });

  test('expired sessions leave the memory with the next write', () => {
    for (const id of ['1', '2', '3']) store.pinIfAbsent(id, pin(id));
    now = 1_000;
    store.pinIfAbsent('4', pin('4'));
    expect(store.size).toBe(1);
  });

  test('long ids are told apart', () => {
    const long = 'x'.repeat(60_000);
    store.pinIfAbsent(`${long}1`, pin('a/1'));
    store.pinIfAbsent(`${long}2`, pin('b/2'));
    expect(store.get(`${long}1`)).toEqual(pin('a/1'));
    expect(store.get(`${long}2`)).toEqual(pin('b/2'));
  });

  test('without room nothing is kept', () => {
    const none = new AffinityStore({ ttl: 1_000, maxEntries: 0, now: () => now });
    expect(none.pinIfAbsent('s', pin('a/1'))).toEqual(pin('a/1'));
    expect(none.size).toBe(0);
  });
});
