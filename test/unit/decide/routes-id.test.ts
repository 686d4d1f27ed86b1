import { expect, test } from 'vitest';
import { routesIdOf } from '../../../src/decide/routes-id.ts';

const route = { name: 'a', description: 'b', examples: ['c'] };

test('the id follows from what a router reads, and from nothing else', () => {
  const withModels = { ...route, models: ['openai/gpt-4o'] };
  expect(routesIdOf([withModels])).toBe(routesIdOf([route]));
  const others = [
    [],
    [route, route],
    [{ ...route, name: 'x' }],
    [{ ...route, description: 'x' }],
    [{ ...route, examples: [] }],
  ];
  expect(new Set([[route], ...others].map(routesIdOf)).size).toBe(6);
});
