// What of a wire object the neutral model has no place for: kept, so that a round trip within Chat loses nothing.

import type { VendorMembers } from '../../conversation/vendor-members.ts';
import type { JsonObject } from '../../json/json-value.ts';

/** For spreading: `vendor` with the members that have a value and are not in `known`, or nothing. */
export function keepOthers(
  wire: JsonObject,
  known: ReadonlySet<string>,
): { readonly vendor?: VendorMembers } {
  let members: JsonObject | undefined;
  for (const name of Object.keys(wire)) {
    const value = wire[name];
    if (known.has(name) || value === undefined || value === null) continue;
    members ??= {};
    members[name] = value;
  }
  return members === undefined ? {} : { vendor: { dialect: 'openai-chat', members } };
}
