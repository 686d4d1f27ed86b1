// The set-up that tests of translation share: two vendors and a gateway that tries each of them once, for all tests of a file.
// After each test the vendors say what they should not have received.

import { afterAll, afterEach, beforeAll } from 'vitest';
import { type RunningPointsman, startPointsman } from './pointsman.ts';
import { listener, providersAt, startVendors, type Vendors } from './vendors.ts';

export interface UsedGateway {
  /** Both are there from the first test on. */
  readonly vendors: Vendors;
  readonly pointsman: RunningPointsman;
}

export function useGateway(): UsedGateway {
  const used = {} as { vendors: Vendors; pointsman: RunningPointsman };
  beforeAll(async () => {
    used.vendors = await startVendors();
    used.pointsman = await startPointsman({
      config: { listeners: listener({ max_retries: 0 }), model_providers: providersAt(used.vendors) },
    });
  }, 60_000);
  afterEach(() => {
    used.vendors.verify();
    used.vendors.reset();
  });
  afterAll(async () => {
    await used.pointsman.stop();
    await used.vendors.close();
  });
  return used;
}
