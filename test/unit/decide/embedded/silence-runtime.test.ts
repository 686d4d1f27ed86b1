import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../../../..');

/** The runtime's reporting keeps a file `mat-debug-PID.log` in the temporary directory: the sign that it is at work. */
async function signsOfReporting(script: string): Promise<number> {
  const directory = await mkdtemp(path.join(tmpdir(), 'pointsman-test-'));
  const { CI: _ci, ORT_DISABLE_TELEMETRY: _off, ...env } = process.env;
  const argv = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
  await run(process.execPath, argv, { cwd: ROOT, env: { ...env, TMPDIR: directory } });
  const files = await readdir(directory);
  await rm(directory, { recursive: true });
  return files.filter((name) => name.startsWith('mat-debug')).length;
}

describe.runIf(process.platform === 'linux')('the model’s runtime', () => {
  it('does not report to its vendor when we load it', async () => {
    const script =
      "const { loadEncoder } = await import('./src/decide/embedded/encoder.ts'); await (await loadEncoder('model')).close();";
    expect(await signsOfReporting(script)).toBe(0);
  });

  it('would by itself, so that the test above can see it', async () => {
    const script =
      "const { default: ort } = await import('onnxruntime-node'); await ort.InferenceSession.create('model/model.int8.onnx');";
    expect(await signsOfReporting(script)).toBe(1);
  });
});
