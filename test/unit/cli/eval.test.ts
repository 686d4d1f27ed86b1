// `pointsman eval` with the embedded model that is shipped.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/cli/eval.ts';
import { sendJson, sendOllamaText, startFakeModelServer } from '../decide/fake-model-server.ts';
import { type Run, runCommand } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'eval-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const run = (...argv: string[]): Promise<Run> => runCommand(evaluate, argv);

const config = (routing = '{engine: embedded}'): string =>
  file(
    'config.yaml',
    `
model_providers: [{model: openai/gpt-4o, access_key: $KEY}]
routing_preferences:
  - {name: code_generation, description: "generating new code, writing functions", models: [openai/gpt-4o]}
  - {name: travel, description: "planning trips, flights and hotels", models: [openai/gpt-4o]}
routing: ${routing}
`,
  );

const RIGHT = `
- {prompt: Write a Python function that implements binary search, route: code_generation}
- {prompt: Find me a hotel in Rome for the weekend, route: travel}
`;
const WRONG = '- {prompt: Book a flight to Lisbon for two, route: code_generation}\n';

describe('pointsman eval', () => {
  test('scores tasks with the embedded router', async () => {
    const { code, out, err } = await run('-f', config(), file('tasks.yaml', RIGHT + WRONG));
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Engine embedded\n/);
    expect(out).toContain('overall   66.7 ±27.2 (3)');
    expect(out).toContain('1  code_generation taken for travel, such as: Book a flight to Lisbon for two');
    expect(out).toMatch(/0\.\d\d {2}travel instead of code_generation: Book a flight/);
    expect(out).toMatch(/routing\.confidence\n/);
  });

  test.each([
    ['1', 1, 'pointsman eval: 0.667 right, which is below 1\n'],
    ['0.66', 0, ''],
  ])('with --min-accuracy %s it exits with %i', async (least, code, err) => {
    const tasks = file('tasks.yaml', RIGHT + WRONG);
    expect(await run('-f', config(), '--min-accuracy', least, tasks)).toMatchObject({ code, err });
  });

  test('asks a model server that is there, under auto, and says what came of it', async () => {
    const server = await startFakeModelServer((response, { path }) => {
      if (path === '/api/tags') sendJson(response, { models: [{ name: 'router:latest' }] });
      else if (path === '/api/show') sendJson(response, { template: '{{ .Messages }}' });
      else sendOllamaText(response, '{"route": "code_generation"}');
    });
    try {
      const routing = `{base_url: "${server.url}", model: router, confidence: 1}`;
      const { code, out } = await run('-f', config(routing), file('tasks.yaml', RIGHT + WRONG));
      expect(code).toBe(0);
      expect(out).toMatch(/^Engine cascade\n/);
      expect(out).toContain(
        'cascades: 3, of which 2 changed the route, 1 for the better and 1 for the worse',
      );
      expect(out).toMatch(/arch-router {2}66\.7/);
    } finally {
      await server.close();
    }
  });

  test('a problem with a task is shown with its place, and nothing is scored', async () => {
    const tasks = file('tasks.yaml', `${RIGHT}- {prompt: a, route: travle}\n`);
    const { code, out, err } = await run('-f', config(), tasks);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      `${tasks}:4:22 [2].route: there is no such route; did you mean travel?\n\n${tasks} has one problem\n`,
    );
  });

  test.each([
    ['no file', [], 'give a file of tasks'],
    ['an unreadable file', ['/nowhere/tasks.yaml'], 'cannot read the tasks'],
    [
      'an unknown engine',
      ['--engine', 'magic', 'x'],
      '--engine is one of auto, cascade, arch-router, embedded',
    ],
    ['no time', ['--timeout', '0s', 'x'], '--timeout is a time'],
    ['no share', ['--min-accuracy', '90', 'x'], '--min-accuracy is a number from 0 to 1'],
  ])('%s is wrong usage', async (_what, argv, message) => {
    const { code, err } = await run('-f', config(), ...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
