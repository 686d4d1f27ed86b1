// `pointsman route` with the embedded model that is shipped.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { route } from '../../../src/cli/route.ts';
import { sendJson, sendOllamaText, startFakeModelServer } from '../decide/fake-model-server.ts';
import { type Run, runCommand } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'route-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const config = (routing = '{engine: embedded}'): string =>
  file(
    'config.yaml',
    `
model_providers: [{model: openai/gpt-4o, access_key: $KEY}]
routing_preferences:
  - {name: code_generation, description: "generating new code, writing functions", models: [openai/gpt-4o]}
  - name: travel
    description: planning trips, flights and hotels
    models: [openai/gpt-4o]
    examples: [a room with a view of the sea, a train to Vienna]
routing: ${routing}
`,
  );
const run = (...argv: string[]): Promise<Run> => runCommand(route, ['-f', config(), ...argv]);

const CODE = 'Write a Python function that implements binary search on a sorted array';

describe('pointsman route', () => {
  test('prints the decision and how likely each route is, and none', async () => {
    const { code, out, err } = await run(CODE);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^route {9}code_generation\nmodels {8}openai\/gpt-4o\nreason {8}matched engine=embedded/,
    );
    const rows = [...out.matchAll(/^ {2}(\d\.\d{3}) {2}(.*)$/gm)].map(([, share, name]) => [
      name,
      Number(share),
    ]);
    expect(rows[0]?.[0]).toBe('code_generation');
    expect(rows.map(([name]) => name).sort()).toEqual(['(none)', 'code_generation', 'travel']);
    expect(rows.reduce((sum, [, share]) => sum + Number(share), 0)).toBeCloseTo(1, 2);
  });

  test('decides about the conversation of a request, in any dialect', async () => {
    const bodies = [
      {
        messages: [
          { role: 'user', content: CODE },
          { role: 'assistant', content: 'Here it is.' },
          { role: 'user', content: 'yes please' },
        ],
      },
      { input: [{ role: 'user', content: [{ type: 'input_text', text: CODE }] }] },
      { contents: [{ role: 'user', parts: [{ text: CODE }] }] },
    ];
    for (const body of bodies) {
      const { out } = await run('--request', file('request.json', JSON.stringify(body)));
      expect(out).toMatch(/^route {9}code_generation\n/);
    }
  });

  test('explains what was weighed, and which examples are near', async () => {
    const { out } = await run('--explain', 'Is there a night train to Vienna?');
    expect(out).toMatch(/^text {10}Is there a night train to Vienna\?$/m);
    expect(out).toMatch(/^context {7}none/m);
    expect(out).toMatch(
      /^weighed for travel, by how much its log-odds fall without it\n {2}\+\d\.\d {2}(train|Vienna\?)$/m,
    );
    expect(out).toMatch(/near examples, by similarity\n {2}\d\.\d{3} {2}travel: a train to Vienna\n/);
  });

  test('explains what was left out of a turn with a paste', async () => {
    const log = '2026-03-02T10:11:04Z INFO started pid=4411 port=8080\n'.repeat(20);
    const { out } = await run('--explain', `${log}\n${CODE}`);
    expect(out).toMatch(new RegExp(`^text {10}${CODE}$`, 'm'));
  });

  test('shows what the embedded router thought where Arch-Router decided', async () => {
    const server = await startFakeModelServer((response, { path }) => {
      if (path === '/api/tags') sendJson(response, { models: [{ name: 'router:latest' }] });
      else sendOllamaText(response, '{"route": "travel"}');
    });
    try {
      const path = config(`{engine: cascade, base_url: "${server.url}", model: router, confidence: 1}`);
      const { out } = await runCommand(route, ['-f', path, '--explain', CODE]);
      expect(out).toMatch(/^route {9}travel\n/);
      expect(out).toMatch(/^reason {8}matched engine=arch-router embedded=0\.\d\d$/m);
      expect(out).toMatch(/^weighed for code_generation/m);
    } finally {
      await server.close();
    }
  });

  test.each([
    ['nothing to route', [], 'give a prompt'],
    ['a prompt and a request', ['a', '--request', 'b'], 'give a prompt or a request, not both'],
    ['an unreadable request', ['--request', '/nowhere.json'], 'cannot read the request'],
  ])('%s is wrong usage', async (_what, argv, message) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('a request in which nobody asks anything is wrong usage', async () => {
    const { code, err } = await run('--request', file('empty.json', '[]'));
    expect([code, err.split('\n')[0]]).toEqual([2, 'pointsman route: the request has no text of a user']);
  });
});
