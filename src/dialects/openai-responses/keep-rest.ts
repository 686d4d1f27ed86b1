// What only this dialect knows, kept beside the neutral members: see conversation/vendor-members.ts.

import type { VendorMembers } from '../../conversation/vendor-members.ts';
import type { JsonObject } from '../../json/json-value.ts';

export const DIALECT = 'openai-responses';

/** `vendor` with the members that are not in `known`; nothing where there are none. Null counts as absent. */
export function keepRest(
  wire: JsonObject,
  known: ReadonlySet<string>,
): { readonly vendor?: VendorMembers & { readonly dialect: typeof DIALECT } } {
  let members: JsonObject | undefined;
  for (const name in wire) {
    if (known.has(name) || wire[name] == null) continue;
    members ??= {};
    members[name] = wire[name];
  }
  return members === undefined ? {} : { vendor: { dialect: DIALECT, members } };
}

/** The inverse: the members to put back on the wire; none where they belong to another dialect. */
export function ownMembers(vendor: VendorMembers | undefined): JsonObject {
  return vendor?.dialect === DIALECT ? vendor.members : {};
}
