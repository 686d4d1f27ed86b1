// That the evaluation measures what it says: the shape of the project's task set, and draws that depend on the seed only.

import { describe, expect, it } from 'vitest';
import { formatTally } from '../../../src/evaluate/tally.ts';
import { accuracyOf } from '../../eval/accuracy.ts';
import { loadProjectTasks, type TaskKind } from '../../eval/project-tasks.ts';
import { drawTasks, seededRandom } from '../../eval/routing-task.ts';

describe('the project’s own tasks', () => {
  const tasks = loadProjectTasks();
  const ofKind = (kind: TaskKind) => tasks.filter((task) => task.kinds.includes(kind));

  it('are many, of every kind', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(120);
    expect(tasks.filter((task) => task.expected === null).length).toBeGreaterThanOrEqual(25);
    expect(ofKind('multi-turn').length).toBeGreaterThanOrEqual(20);
    expect(ofKind('agent').length).toBeGreaterThanOrEqual(8);
    expect(ofKind('long').length).toBeGreaterThanOrEqual(8);
    expect(ofKind('non-English').length).toBeGreaterThanOrEqual(15);
    expect(new Set(ofKind('non-English').map((task) => task.language)).size).toBeGreaterThanOrEqual(8);
  });

  it('are each asked once', () => {
    const asked = tasks.map((task) => JSON.stringify([task.policy, task.turns]));
    expect(new Set(asked).size).toBe(tasks.length);
  });

  it('end with what the user said last, also in the middle of a tool loop', () => {
    const agent = tasks.find((task) => task.turns.at(-1)?.text === 'make the suite green again');
    expect(agent?.turns).toEqual([{ role: 'user', text: 'make the suite green again' }]);
    expect(tasks.every((task) => task.turns.at(-1)?.role === 'user')).toBe(true);
  });

  it('use every route of every policy', () => {
    const expected = new Set(tasks.map((task) => `${task.policy} ${task.expected}`));
    const unused = tasks.flatMap((task) =>
      task.routes.filter((route) => !expected.has(`${task.policy} ${route.name}`)).map((route) => route.name),
    );
    expect(unused).toEqual([]);
  });
});

describe('drawTasks', () => {
  const intents = Array.from({ length: 20 }, (_, index) => `intent${index}`);
  const draw = (seed: number) =>
    drawTasks({
      intents,
      prompts: intents.map((intent) => ({ intent, turns: [{ role: 'user', text: intent }] })),
      overlaps: (intent, other) => intent === 'intent0' && other === 'intent1',
      routeOf: (name) => ({ name, description: name, examples: [] }),
      count: 500,
      random: seededRandom(seed),
    });

  it('repeats itself for a seed, and only for that', () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('draws five to ten different routes, the right one among them in four of five tasks', () => {
    const tasks = draw(1);
    for (const task of tasks) {
      const names = task.routes.map((route) => route.name);
      expect(names.length).toBeGreaterThanOrEqual(5);
      expect(names.length).toBeLessThanOrEqual(10);
      expect(new Set(names).size).toBe(names.length);
      expect(names.includes(task.turns[0]?.text ?? '')).toBe(task.expected !== null);
    }
    expect(tasks.filter((task) => task.expected === null)).toHaveLength(100);
  });

  it('never sets a prompt against a route that it may also belong to', () => {
    const traps = draw(1).filter(
      (task) => task.turns[0]?.text === 'intent0' && task.routes.some((route) => route.name === 'intent1'),
    );
    expect(traps).toEqual([]);
  });
});

describe('accuracyOf', () => {
  it('counts in scope, none and overall apart; no answer is a wrong one', () => {
    const task = (expected: string | null) => ({ routes: [], turns: [], expected });
    const tasks = [task('a'), task('a'), task('b'), task(null)];
    expect(accuracyOf(tasks, [true, false, undefined, true])).toEqual({
      inScope: { right: 1, of: 3 },
      none: { right: 1, of: 1 },
      overall: { right: 2, of: 4 },
      failed: 1,
    });
    expect(formatTally({ right: 75, of: 100 })).toBe('75.0 ±4.3 (100)');
    expect(formatTally({ right: 0, of: 0 })).toBe('-');
  });
});
