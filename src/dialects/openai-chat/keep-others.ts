// What of a wire object the neutral model has no place for: kept, so that a round trip within Chat loses nothing.

import { restOf, type VendorMembers } from '../../conversation/vendor-members.ts';
import type { JsonObject } from '../../json/json-value.ts';

/** For spreading: `vendor` with the members that have a value and are not in `known`, or nothing. */
export function keepOthers(
  wire: JsonObject,
  known: ReadonlySet<string>,
): { readonly vendor?: VendorMembers } {
  const members = restOf(wire, known);
  return members === undefined ? {} : { vendor: { dialect: 'openai-chat', members } };
}
