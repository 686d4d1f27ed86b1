// `stop_details` of an answer that was refused: https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
// The vendor's explanation is what other dialects show as the refusal's text.

import type { RefusalPart } from '../../conversation/part.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { objectOf, stringOf } from '../../json/read-value.ts';
import { DIALECT } from './keep-rest.ts';

/** Undefined where nothing is explained. Marked as the vendor's own, so that it goes back where it stood. */
export function decodeRefusal(details: JsonValue | undefined): RefusalPart | undefined {
  const text = stringOf(objectOf(details)['explanation']);
  if (text === undefined || text === '') return undefined;
  return { type: 'refusal', text, vendor: { dialect: DIALECT, members: {} } };
}
