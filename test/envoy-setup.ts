// Run once before the tests that need a real Envoy, never for the others: finds or fetches it as `pointsman up` does,
// and hands its path to the tests: `inject('envoyPath')`.

import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { obtainEnvoy } from '../src/setup/envoy-binary.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly envoyPath: string;
    /** `1.40.0` */
    readonly envoyVersion: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const { path, version } = await obtainEnvoy({
    env: process.env,
    cacheDirectory: fileURLToPath(new URL('../.cache', import.meta.url)),
    report: (line) => process.stderr.write(`${line}\n`),
  });
  project.provide('envoyPath', path);
  project.provide('envoyVersion', version);
}
