// Whether tools were called without thoughts that the vendor would know again, which some clients never send back. Until that
// loop is over a model refuses to think with a budget:
// https://docs.claude.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks

import type { JsonObject } from '../../json/json-value.ts';
import { objectsOf } from '../../json/read-value.ts';

/** @param messages on the wire */
export function lacksThoughts(messages: readonly JsonObject[]): boolean {
  const [called = [], answered = []] = messages.slice(-2).map(({ content }) => objectsOf(content));
  const isInLoop = answered.some(({ type }) => type === 'tool_result');
  return isInLoop && !['thinking', 'redacted_thinking'].includes(`${called[0]?.['type']}`);
}
