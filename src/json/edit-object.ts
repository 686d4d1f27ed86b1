// Changes members of a JSON object in its bytes. Everything that is not named keeps its exact bytes.

import type { Member } from './scan-object.ts';

/** Removal takes every member of that key; a value replaces every occurrence, or joins as the first member. */
export interface ObjectEdits {
  readonly remove: ReadonlySet<string>;
  /** Key to the new value as JSON text. */
  readonly set: ReadonlyMap<string, string>;
}

/**
 * @param members what scanObject found in `bytes`, in order
 * @returns the edited object; `bytes` is not written to
 */
export function editObject(bytes: Buffer, members: readonly Member[], edits: ObjectEdits): Buffer {
  const parts: Uint8Array[] = [];
  const missing = new Map(edits.set);
  for (const member of members) missing.delete(member.key);
  const kept = members.filter((member) => !edits.remove.has(member.key));
  const open = bytes.indexOf(0x7b) + 1;

  parts.push(bytes.subarray(0, open));
  let separator = '';
  for (const [key, value] of missing) {
    parts.push(Buffer.from(`${separator}${JSON.stringify(key)}:${value}`));
    separator = ',';
  }
  if (missing.size > 0 && kept.length > 0) parts.push(COMMA_BYTES);

  // What lies between two members (a comma, white space) goes with the later one; a removed member takes it along.
  let copiedTo = kept.length === members.length ? open : (members[0]?.start ?? open);
  let first = true;
  for (let index = 0; index < members.length; index += 1) {
    const member = members[index] as Member;
    if (edits.remove.has(member.key)) {
      copiedTo = member.end;
      continue;
    }
    const from = first && copiedTo !== open ? member.start : copiedTo;
    const value = edits.set.get(member.key);
    if (value === undefined) {
      parts.push(bytes.subarray(from, member.end));
    } else {
      parts.push(bytes.subarray(from, member.valueStart), Buffer.from(value));
    }
    copiedTo = member.end;
    first = false;
  }
  parts.push(bytes.subarray(members.at(-1)?.end ?? open));
  return Buffer.concat(parts);
}

const COMMA_BYTES = Buffer.from(',');
