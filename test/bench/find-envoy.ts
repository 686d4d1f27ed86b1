// The Envoy that `up` would run.

import { fileURLToPath } from 'node:url';
import { type EnvoyBinary, obtainEnvoy } from '../../src/setup/envoy-binary.ts';

export function findEnvoy(): Promise<EnvoyBinary> {
  return obtainEnvoy({
    env: process.env,
    cacheDirectory: fileURLToPath(new URL('../../.cache', import.meta.url)),
    report: (line) => process.stderr.write(`${line}\n`),
  });
}
