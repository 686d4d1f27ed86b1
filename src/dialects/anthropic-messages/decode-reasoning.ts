// `thinking` and `output_config.effort` of a Messages request → neutral reasoning settings.
// https://platform.claude.com/docs/en/build-with-claude/thinking, …/effort

import type { ReasoningEffort, ReasoningSettings } from '../../conversation/conversation-request.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { numberOf, objectOf, present, stringOf } from '../../json/read-value.ts';

const EFFORTS: readonly string[] = ['low', 'medium', 'high', 'xhigh', 'max'];
const THINKING = new Set(['type', 'budget_tokens', 'display']);
const CONFIG = new Set(['effort', 'format']);

export function decodeReasoning(body: JsonObject): ReasoningSettings | undefined {
  const thinking = objectOf(body['thinking']);
  const said = stringOf(objectOf(body['output_config'])['effort']);
  const effort = isEffort(said) ? { effort: said } : {};
  const visible = thinking['display'] !== 'omitted';
  switch (thinking['type']) {
    case 'enabled':
      return { ...effort, ...present({ budgetTokens: numberOf(thinking['budget_tokens']) }), visible };
    case 'adaptive':
      return { ...effort, adaptive: true, visible };
    // Of the second, what is said between calls is thinking too; it plans nothing ahead.
    case 'disabled':
    case 'between_tools':
      return { effort: 'none' };
    default:
      // An effort switches no thinking on.
      return effort.effort === undefined ? undefined : { ...effort, adaptive: false };
  }
}

/** What is not read above, as members of a request; an effort beside thinking that is off is for the answer alone. */
export function restOfReasoning(body: JsonObject): JsonObject {
  const thinking = objectOf(body['thinking']);
  const config = objectOf(body['output_config']);
  const isOff = thinking['type'] === 'disabled' || thinking['type'] === 'between_tools';
  const isKept = isOff || !isEffort(stringOf(config['effort']));
  const rest = { ...restOf(config, CONFIG), ...present({ effort: isKept ? config['effort'] : undefined }) };
  return present({
    thinking: restOf(thinking, THINKING),
    output_config: Object.values(rest).some((value) => value != null) ? rest : undefined,
  });
}

function isEffort(text: string | undefined): text is ReasoningEffort {
  return text !== undefined && EFFORTS.includes(text);
}
