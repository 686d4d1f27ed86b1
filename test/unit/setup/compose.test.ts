// docker-compose.yaml repeats the example's models and the pinned Envoy, and decides who sees the keys: held here.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ENVOY_RELEASE } from '../../../src/setup/envoy-release.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface Compose {
  readonly services: Readonly<Record<string, { readonly image: string; readonly environment?: unknown }>>;
  readonly configs: { readonly pointsman: { readonly content: string } };
}

const compose = parse(read('docker-compose.yaml')) as Compose;
const inContainer = parse(compose.configs.pointsman.content.replaceAll('$$', '$'));
const example = parse(read('envoy/config.yaml'));

test('the keys of the example reach the service, and nothing else', () => {
  const keys = [...new Set(read('envoy/config.yaml').match(/\$([A-Z_]+_API_KEY)/g))].map((key) =>
    key.slice(1),
  );
  expect(keys.length).toBeGreaterThan(0);
  for (const [name, service] of Object.entries(compose.services)) {
    if (name === 'pointsman') expect(service.environment).toEqual(keys);
    else expect(JSON.stringify(service)).not.toMatch(/_API_KEY|env_file/);
  }
});

test('the configuration in the container is the example, reachable and with its own Ollama', () => {
  expect(inContainer.model_providers).toEqual(example.model_providers);
  expect(inContainer.listeners).toEqual([{ ...example.listeners[0], address: '0.0.0.0' }]);
  expect(inContainer.routing).toEqual({ ...example.routing, base_url: 'http://ollama:11434' });
});

test('Envoy is the release that set-up pins', () => {
  expect(compose.services['envoy']?.image).toBe(`envoyproxy/envoy:v${ENVOY_RELEASE.version}`);
});

test('the image of the service has the version of the package', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(compose.services['pointsman']?.image).toBe(`pointsman:${version}`);
});
