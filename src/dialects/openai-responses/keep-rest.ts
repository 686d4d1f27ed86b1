// What only this dialect knows, kept beside the neutral members: see conversation/vendor-members.ts.

import { ownMembers as membersOf, restOf, type VendorMembers } from '../../conversation/vendor-members.ts';
import type { JsonObject } from '../../json/json-value.ts';

export const DIALECT = 'openai-responses';

/** `vendor` with the members that are not in `known`; nothing where there are none. Null counts as absent. */
export function keepRest(
  wire: JsonObject,
  known: ReadonlySet<string>,
): { readonly vendor?: VendorMembers & { readonly dialect: typeof DIALECT } } {
  const members = restOf(wire, known);
  return members === undefined ? {} : { vendor: { dialect: DIALECT, members } };
}

/** The inverse: the members to put back on the wire; none where they belong to another dialect. */
export function ownMembers(vendor: VendorMembers | undefined): JsonObject {
  return membersOf(vendor, DIALECT);
}
