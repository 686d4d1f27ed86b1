// The test projects. `unit` needs nothing but Node; `envoy` runs real processes, so its files take turns.

import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

const config: ViteUserConfig = {
  test: {
    root,
    projects: [
      {
        test: {
          name: 'unit',
          root,
          include: ['test/{unit,property,wire,golden}/**/*.test.ts'],
          // One fewer than there are would leave half of a small machine idle.
          maxWorkers: '100%',
          globalSetup: ['test/schemas-setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'envoy',
          root,
          include: ['test/{envoy,ollama}/**/*.test.ts'],
          globalSetup: ['test/schemas-setup.ts', 'test/envoy-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
};

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default config;
