// What only this dialect knows, kept beside the neutral members: see conversation/vendor-members.ts.

import { foreignMembers, type VendorMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';

export const DIALECT = 'anthropic-messages';

/** The members that are not in `known`; undefined where there are none. Null counts as absent. */
export function restOf(wire: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  let members: JsonObject | undefined;
  for (const name of Object.keys(wire)) {
    const value = wire[name];
    if (known.has(name) || value === undefined || value === null) continue;
    members ??= {};
    members[name] = value;
  }
  return members;
}

/** For spreading: `vendor` with these members, or nothing. */
export function keep(members: JsonObject | undefined): { readonly vendor?: VendorMembers } {
  return members === undefined ? {} : { vendor: { dialect: DIALECT, members } };
}

export function keepRest(wire: JsonObject, known: ReadonlySet<string>): { readonly vendor?: VendorMembers } {
  return keep(restOf(wire, known));
}

/** The inverse: the members to put back on the wire; none where they belong to another dialect. */
export function ownMembers(vendor: VendorMembers | undefined): JsonObject {
  return vendor?.dialect === DIALECT ? vendor.members : {};
}

export function unknown(param: string): Warning {
  return { param, message: `not known to ${DIALECT}` };
}

/** @param param where the members stand */
export function warnForeign(vendor: VendorMembers | undefined, param: string, warnings: Warning[]): void {
  if (vendor === undefined) return;
  for (const name of foreignMembers(vendor, DIALECT)) warnings.push(unknown(`${param}.${name}`));
}
