// Puts the vendor's own members back where they were: a name with a dot stands inside the member before the dot.

import type { JsonObject } from '../../json/json-value.ts';
import { objectOf } from '../../json/read-value.ts';

/** The object with the members added; the same object where there are none. */
export function withMembers(object: JsonObject, members: JsonObject): JsonObject {
  let placed: JsonObject | undefined;
  for (const [path, value] of Object.entries(members)) {
    placed ??= { ...object };
    const dot = path.indexOf('.');
    if (dot < 0) placed[path] = value;
    else {
      const outer = path.slice(0, dot);
      placed[outer] = { ...objectOf(placed[outer]), [path.slice(dot + 1)]: value };
    }
  }
  return placed ?? object;
}
