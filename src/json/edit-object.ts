// Changes members of a JSON object in its bytes. Everything that is not named keeps its exact bytes.

import type { Member } from './scan-object.ts';

export interface ObjectEdits {
  /** Every member of such a key goes, with the comma before it. */
  readonly remove: ReadonlySet<string>;
  /** Key to new value, as JSON text: replaces every occurrence, or becomes the first member where there is none. */
  readonly set: ReadonlyMap<string, string>;
}

const OPEN_BRACE = 0x7b;

/**
 * @param members what scanObject found in `bytes`, in order
 * @returns the edited object; `bytes` is not written to
 */
export function editObject(bytes: Buffer, members: readonly Member[], edits: ObjectEdits): Buffer {
  const open = bytes.indexOf(OPEN_BRACE) + 1;
  const parts: Uint8Array[] = [bytes.subarray(0, open)];
  const added = addedMembers(members, edits);
  if (added !== '') parts.push(Buffer.from(added));

  // The gap before a member holds its comma and white space; only the first gap has no comma.
  let gapStart = open;
  let isFirst = true;
  for (const member of members) {
    if (!edits.remove.has(member.key)) {
      if (!isFirst) parts.push(bytes.subarray(gapStart, member.start));
      else if (added === '') parts.push(bytes.subarray(open, members[0]?.start));
      else parts.push(Buffer.from(','));
      isFirst = false;
      const value = edits.set.get(member.key);
      if (value === undefined) parts.push(bytes.subarray(member.start, member.end));
      else parts.push(bytes.subarray(member.start, member.valueStart), Buffer.from(value));
    }
    gapStart = member.end;
  }
  parts.push(bytes.subarray(gapStart));
  return Buffer.concat(parts);
}

function addedMembers(members: readonly Member[], edits: ObjectEdits): string {
  const added: string[] = [];
  for (const [key, value] of edits.set) {
    if (!members.some((member) => member.key === key)) added.push(`${JSON.stringify(key)}:${value}`);
  }
  return added.join(',');
}
