// Callers who bring as many routes as one request may, over and over: everybody else's decisions stay quick and right,
// and nobody takes the router's engine for dead.

import { beforeAll, expect, test } from 'vitest';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';
import { CODE_ROUTE, listener, providersAt, REASONING_ROUTE, startVendors } from './support/vendors.ts';

let gateway: RunningPointsman;

beforeAll(async () => {
  const vendors = await startVendors();
  gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing_preferences: [CODE_ROUTE, REASONING_ROUTE].map((route) => ({
        ...route,
        models: ['openai/gpt-4o'],
      })),
      routing: { engine: 'embedded' },
    },
  });
  return async () => {
    await gateway.stop();
    await vendors.close();
  };
});

function decide(content: string, more: object = {}): Promise<RawResponse> {
  return send(`${gateway.url}/routing/v1/chat/completions`, {
    body: { model: 'gpt-4o', messages: [{ role: 'user', content }], ...more },
  });
}

function greedyRoutes(of: string, count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `route ${index} of ${of}`,
    description: `everything about ${index} and ${of}; `.repeat(60),
    examples: ['a', 'b', 'c', 'd', 'e'].map((letter) =>
      `${letter}${index} of ${of}, at some length `.repeat(30),
    ),
    models: ['openai/gpt-4o'],
  }));
}

test('hold up nobody else', async () => {
  let isOver = false;
  const greedy = Array.from({ length: 6 }, async (_, caller) => {
    const reasons: string[] = [];
    for (let round = 0; !isOver; round++) {
      const routing_preferences = greedyRoutes(`${caller}-${round}`, 100);
      reasons.push((await decide(`question ${caller} ${round}`, { routing_preferences })).json.reason);
    }
    return reasons;
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const decisions: RawResponse[] = [];
  for (let index = 0; index < 40; index++) {
    decisions.push(await decide(`Write a Python function that sorts list number ${index}`));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  isOver = true;
  const reasons = (await Promise.all(greedy)).flat();
  // The policies are more than the router can read within its deadline: else this test would show nothing.
  expect(reasons.filter((reason) => reason.includes('timeout')).length).toBeGreaterThan(3);
  expect(reasons.filter((reason) => reason.includes('circuit-open'))).toEqual([]);
  expect(new Set(decisions.map(({ json }) => json.route))).toEqual(new Set(['code_generation']));
  const times = decisions.map(({ json }) => json.latency_ms as number).sort((left, right) => left - right);
  // The greedy ones wait for the whole deadline of 2 s; how much less the others do is the machine's affair.
  expect(times[20]).toBeLessThan(500);
  expect(times.at(-1)).toBeLessThan(1_900);
  expect(gateway.stderr()).not.toContain('left alone');
});

test('are refused beyond a hundred routes', async () => {
  const { status, json } = await decide('hello', { routing_preferences: greedyRoutes('one', 101) });
  expect([status, json.error.details]).toEqual([400, { field: 'routing_preferences[100]' }]);
});
