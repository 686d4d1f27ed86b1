// The commands as a shell starts them: their output, their errors and their exit codes.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../../envoy/config.yaml', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'main-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pointsman(...argv: string[]): { code: number | null; out: string; err: string } {
  const args = ['--disable-warning=ExperimentalWarning', MAIN, ...argv];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

test('eval scores a file and fails where too few are right', () => {
  const tasks = join(folder, 'tasks.yaml');
  writeFileSync(
    tasks,
    '- {prompt: Write a quicksort in Go, route: code_generation}\n- {prompt: hi, route: code_generation}\n',
  );
  const argv = ['eval', '-f', EXAMPLE, '--engine', 'embedded', tasks];
  expect(pointsman(...argv)).toMatchObject({
    code: 0,
    out: expect.stringContaining('overall   50.0'),
    err: '',
  });
  expect(pointsman(...argv, '--min-accuracy', '0.9')).toMatchObject({
    code: 1,
    err: 'pointsman eval: 0.500 right, which is below 0.9\n',
  });
}, 60_000);

test('every command explains itself', () => {
  for (const command of ['check', 'envoy', 'eval', 'route', 'up']) {
    expect(pointsman(command, '--help')).toMatchObject({
      code: 0,
      out: expect.stringMatching(`^Usage: pointsman ${command} `),
      err: '',
    });
  }
}, 60_000);
