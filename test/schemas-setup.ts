// Run once before any test: the schemas that the stand-in vendors check bodies with, where they are not there yet.

import { prepareSchemas } from './vendors/wire-schemas.ts';

export async function setup(): Promise<void> {
  await prepareSchemas();
}
