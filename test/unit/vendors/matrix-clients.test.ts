// The clients of the matrix, each against its own vendor without a gateway between: what fails here is the matrix's fault.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CASES } from '../../matrix/cases.ts';
import type { MatrixClient } from '../../matrix/matrix-client.ts';
import { createMatrixClients } from '../../matrix/matrix-clients.ts';
import { type FakeVendor, startFakeVendor } from '../../vendors/fake-vendor.ts';
import { VENDORS } from '../../vendors/vendors.ts';

const KEY = 'sk-test-key-0c7e';

/** With the address of nowhere, for their names. */
describe.each(createMatrixClients('http://127.0.0.1:1', KEY))('$name', ({ name, dialect }) => {
  let provider: FakeVendor;
  let client: MatrixClient;
  beforeAll(async () => {
    const vendor = VENDORS.find((each) => each.dialect === dialect);
    if (vendor === undefined) throw new Error(`no vendor speaks ${dialect}`);
    provider = await startFakeVendor(vendor, { key: KEY, foreign: [] });
    const found = createMatrixClients(provider.url, KEY).find((each) => each.name === name);
    if (found === undefined) throw new Error(`no client ${name}`);
    client = found;
  });
  beforeEach(() => provider.reset());
  afterAll(() => provider.close());

  test.each(Object.keys(CASES))('%s', async (caseName) => {
    await CASES[caseName]?.({ client, provider, model: provider.vendor.model }).finally(() =>
      expect(provider.violations).toEqual([]),
    );
  });
});
