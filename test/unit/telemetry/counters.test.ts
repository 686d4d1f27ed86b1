import { describe, expect, test } from 'vitest';
import { Counters } from '../../../src/telemetry/counters.ts';

describe('what is shown', () => {
  test('a counter with labels, one without, and their types once each', () => {
    const counters = new Counters();
    counters.add('b_total', { engine: 'embedded', outcome: 'matched' });
    counters.add('b_total', { engine: 'embedded', outcome: 'cached' }, 2);
    counters.add('b_total', { engine: 'embedded', outcome: 'matched' });
    counters.add('a_total');
    expect(counters.render()).toBe(
      [
        '# TYPE a_total counter',
        'a_total 1',
        '# TYPE b_total counter',
        'b_total{engine="embedded",outcome="cached"} 2',
        'b_total{engine="embedded",outcome="matched"} 2',
        '',
      ].join('\n'),
    );
  });

  test('series of one name stay together, whatever other names sort between them', () => {
    const counters = new Counters();
    for (const name of ['a_total', 'a_total_more']) {
      counters.add(name);
      counters.add(name, { x: '1' });
    }
    const types = counters
      .render()
      .split('\n')
      .filter((line) => line.startsWith('#'));
    expect(types).toEqual(['# TYPE a_total counter', '# TYPE a_total_more counter']);
  });

  test('label values cannot end their quotes or the line', () => {
    const counters = new Counters();
    counters.add('a_total', { x: 'back\\slash "quote"\nline' });
    expect(counters.render()).toBe(
      '# TYPE a_total counter\na_total{x="back\\\\slash \\"quote\\"\\nline"} 1\n',
    );
  });
});

describe('handing over', () => {
  test('each increment is taken once, and merged ones add up', () => {
    const worker = new Counters();
    const shown = new Counters();
    worker.add('a_total', { x: '1' }, 3);
    shown.merge(worker.take());
    shown.merge(worker.take());
    worker.add('a_total', { x: '1' });
    shown.merge(structuredClone(worker.take()));
    shown.merge([['b_total', 5]]);
    expect(shown.render()).toContain('a_total{x="1"} 4\n');
    expect(shown.render()).toContain('b_total 5\n');
    expect(worker.take()).toEqual([]);
  });
});

describe('bounds', () => {
  test('at 2,000 series no new one begins, and the old ones still grow', () => {
    const counters = new Counters();
    for (let index = 0; index < 2_500; index += 1) counters.add('a_total', { index: `${index}` });
    counters.merge([['b_total', 1]]);
    counters.add('a_total', { index: '7' });
    const lines = counters.render().trimEnd().split('\n');
    expect(lines).toHaveLength(2_001);
    expect(lines).toContain('a_total{index="7"} 2');
    expect(lines).toContain('a_total{index="1999"} 1');
    expect(lines).not.toContain('a_total{index="2000"} 1');
    expect(counters.take()).toHaveLength(2_000);
    counters.add('b_total');
    expect(counters.take()).toEqual([['b_total', 1]]);
  });
});
