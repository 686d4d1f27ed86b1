// What only this dialect knows, kept beside the neutral members: see conversation/vendor-members.ts.

import {
  foreignMembers,
  ownMembers as membersOf,
  restOf,
  type VendorMembers,
} from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';

export const DIALECT = 'anthropic-messages';

/** For spreading: `vendor` with these members, or nothing. */
export function keep(members: JsonObject | undefined): { readonly vendor?: VendorMembers } {
  return members === undefined ? {} : { vendor: { dialect: DIALECT, members } };
}

export function keepRest(wire: JsonObject, known: ReadonlySet<string>): { readonly vendor?: VendorMembers } {
  return keep(restOf(wire, known));
}

/** The inverse: the members to put back on the wire; none where they belong to another dialect. */
export function ownMembers(vendor: VendorMembers | undefined): JsonObject {
  return membersOf(vendor, DIALECT);
}

export function unknown(param: string): Warning {
  return { param, message: `not known to ${DIALECT}` };
}

/** @param param where the members stand */
export function warnForeign(vendor: VendorMembers | undefined, param: string, warnings: Warning[]): void {
  if (vendor === undefined) return;
  for (const name of foreignMembers(vendor, DIALECT)) warnings.push(unknown(`${param}.${name}`));
}
