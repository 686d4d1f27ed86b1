// How much of a policy one request may bring. What a policy looks like at all is tested with the request stage.

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/json/json-value.ts';
import { readInlinePolicy } from '../../../src/request/inline-policy.ts';

const route = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  description: 'd',
  models: ['openai/gpt-4o'],
  ...more,
});
const routes = (count: number, more: JsonObject = {}): JsonObject[] =>
  Array.from({ length: count }, (_, index) => route(`route ${index}`, more));
const early = (count: number, each: number): JsonObject[] =>
  Array.from({ length: count }, (_, entry) => ({
    model: 'openai/gpt-4o',
    routing_preferences: routes(each).map((one) => ({ ...one, name: `${one['name']} of ${entry}` })),
  }));
const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `example ${index}`);

describe('the size of an inline policy', () => {
  it.each<[what: string, body: JsonObject, count: number]>([
    ['100 routes', { routing_preferences: routes(100) }, 100],
    ['100 routes in the early form', { routing_policy: early(20, 5) }, 100],
    ['500 examples', { routing_preferences: routes(25, { examples: texts(20) }) }, 25],
    ['the longest name', { routing_preferences: [route('n'.repeat(200))] }, 1],
    ['the longest description', { routing_preferences: [route('n', { description: 'd'.repeat(4_000) })] }, 1],
    ['the longest example', { routing_preferences: [route('n', { examples: ['e'.repeat(4_000)] })] }, 1],
  ])('%s: taken', (_, body, count) => {
    expect(readInlinePolicy(body)?.routes).toHaveLength(count);
  });

  it.each<[what: string, body: JsonObject, param: string]>([
    ['101 routes', { routing_preferences: routes(101) }, 'routing_preferences[100]'],
    [
      '101 routes in the early form',
      { routing_policy: [...early(20, 5), { model: 'm', routing_preferences: [route('last')] }] },
      'routing_policy[20].routing_preferences[0]',
    ],
    [
      '21 examples of one route',
      { routing_preferences: [route('a'), route('b', { examples: texts(21) })] },
      'routing_preferences[1].examples',
    ],
    [
      '501 examples',
      { routing_preferences: [...routes(25, { examples: texts(20) }), route('b', { examples: ['x'] })] },
      'routing_preferences[25].examples',
    ],
    ['a long name', { routing_preferences: [route('n'.repeat(201))] }, 'routing_preferences[0].name'],
    [
      'a long description',
      { routing_preferences: [route('n', { description: 'd'.repeat(4_001) })] },
      'routing_preferences[0].description',
    ],
    [
      'a long example',
      { routing_preferences: [route('n', { examples: ['x', 'e'.repeat(4_001)] })] },
      'routing_preferences[0].examples[1]',
    ],
  ])('%s: refused with the name of what is too much', (_, body, param) => {
    expect(() => readInlinePolicy(body)).toThrow(
      expect.objectContaining({ kind: 'invalid-request', status: 400, param }),
    );
  });
});
