// What only one dialect can say: kept beside the neutral members, so that a round trip within a dialect loses nothing and
// an encoder of another dialect can name what it leaves out.

import type { Dialect } from '../contract/dialect.ts';
import type { JsonObject } from '../json/json-value.ts';

export interface VendorMembers {
  readonly dialect: Dialect;
  /** By their names on that dialect's wire; values as they came. */
  readonly members: JsonObject;
}

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

/** The members to put back on the wire: none where they belong to another dialect. */
export function ownMembers(vendor: VendorMembers | undefined, dialect: Dialect): JsonObject {
  return vendor?.dialect === dialect ? vendor.members : {};
}

/** Names of the members that `dialect` cannot say; for its warnings. */
export function foreignMembers(vendor: VendorMembers | undefined, dialect: Dialect): readonly string[] {
  return vendor === undefined || vendor.dialect === dialect ? [] : Object.keys(vendor.members);
}
