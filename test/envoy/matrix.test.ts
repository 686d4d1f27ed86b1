// Every client with every provider, each case: real SDKs, a real Envoy, stand-in vendors that take what their own SDKs' types
// admit. Vendors run beside one another, the clients of each in turn. The README's table is written from
// the run: `npm test -- matrix -u` writes it anew.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES } from '../matrix/cases.ts';
import type { MatrixClient } from '../matrix/matrix-client.ts';
import { createMatrixClients } from '../matrix/matrix-clients.ts';
import { type CellResult, type MatrixFrame, writeTable } from '../matrix/matrix-table.ts';
import { bedrockConverse } from '../vendors/bedrock-converse/index.ts';
import { type FakeVendor, startFakeVendor } from '../vendors/fake-vendor.ts';
import type { VendorDialect } from '../vendors/vendor.ts';
import { VENDORS } from '../vendors/vendors.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { listener } from './support/vendors.ts';

/** How the configuration leads to each vendor, and to no other of its dialects. */
const INTERFACES: Readonly<Record<VendorDialect, string>> = {
  'openai-chat': 'openai',
  'openai-responses': 'openai_responses',
  'anthropic-messages': 'anthropic',
  gemini: 'gemini',
  'bedrock-converse': 'amazon_bedrock',
};

/** Envoy signs for Bedrock; all others have a key. */
const AWS = {
  accessKeyId: 'AKIATESTMATRIX',
  secretAccessKey: 'aws-test-matrix-5e21',
  region: 'us-east-1',
};
const AWS_HOST = 'bedrock-runtime.us-east-1.amazonaws.com';
const names = createMatrixClients('http://127.0.0.1:1', KEYS.caller).map(({ name }) => name);
const FRAME: MatrixFrame = {
  clients: names,
  providers: VENDORS.map(({ dialect }) => dialect),
  cases: Object.keys(CASES),
};
/** The key at each vendor, told apart so that none reaches another. */
const keyOf = (dialect: string): string => `sk-test-matrix-${dialect}-5e21`;

let gateway: RunningPointsman;
const servers = new Map<string, FakeVendor>();
const clients = new Map<string, MatrixClient>();
const results: CellResult[] = [];

beforeAll(async () => {
  const keys = [KEYS.caller, AWS.secretAccessKey, ...VENDORS.map(({ dialect }) => keyOf(dialect))];
  for (const vendor of VENDORS) {
    const key = keyOf(vendor.dialect);
    const foreign = keys.filter((each) => each !== key);
    const signed = vendor === bedrockConverse ? { key: AWS, host: AWS_HOST } : {};
    servers.set(vendor.dialect, await startFakeVendor(vendor, { key, foreign, ...signed }));
  }
  gateway = await startPointsman({
    config: {
      listeners: listener({ max_retries: 0 }),
      model_providers: VENDORS.flatMap(({ dialect, model, laterModel }) =>
        [model, laterModel].map((id) => ({
          model: `own-${dialect}/${id}`,
          base_url: servers.get(dialect)?.url,
          ...(dialect === 'bedrock-converse' ? { http_host: AWS_HOST } : { access_key: keyOf(dialect) }),
          provider_interface: INTERFACES[dialect],
        })),
      ),
      routing: { engine: 'none' },
    },
    env: {
      AWS_ACCESS_KEY_ID: AWS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: AWS.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  for (const client of createMatrixClients(gateway.url, KEYS.caller)) clients.set(client.name, client);
});
afterAll(async () => {
  await gateway?.stop();
  for (const server of servers.values()) await server.close();
});

describe.concurrent.each(VENDORS)('→ $dialect', (vendor) => {
  describe.each(names)('%s', { concurrent: false }, (clientName) => {
    test.each(Object.keys(CASES))('%s', { concurrent: false }, async (name) => {
      const client = clients.get(clientName);
      const provider = servers.get(vendor.dialect);
      if (client === undefined || provider === undefined) throw new Error('no such cell');
      const result: CellResult = { client: clientName, provider: vendor.dialect, name, passed: false };
      results.push(result);
      provider.reset();
      // The bare id: some SDKs tell from it what the model can do.
      await CASES[name]?.({ client, provider, model: vendor.model }).finally(() =>
        expect(provider.violations).toEqual([]),
      );
      result.passed = true;
    });
  });
});

test('the README shows this run', async () => {
  const file = fileURLToPath(new URL('../../README.md', import.meta.url));
  const shown = readFileSync(file, 'utf8').replace(
    /(?<=<!-- matrix -->\n).*?(?=<!-- \/matrix -->)/s,
    writeTable(FRAME, results),
  );
  await expect(shown).toMatchFileSnapshot(file);
});
