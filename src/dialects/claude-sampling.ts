// Neutral sampling parameters → those that the model takes beside its thinking; the newest take none.
// https://platform.claude.com/docs/en/build-with-claude/thinking, https://platform.claude.com/docs/en/api/messages. For the
// dialects that reach Claude.

import type { Warning } from '../conversation/warning.ts';
import type { JsonObject } from '../json/json-value.ts';
import { present } from '../json/read-value.ts';
import type { ClaudeModel } from './claude-models.ts';
import { withinRange } from './within-range.ts';

/** What thinking leaves of `top_p`. */
const LEAST_TOP_P = 0.95;

interface Given {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
}

export function encodeSampling(
  request: Given,
  model: ClaudeModel,
  isThinking: boolean,
  warnings: Warning[],
): JsonObject {
  if (model.sampling === 'none') {
    refuse(request, 'not known to the model', warnings);
    return {};
  }
  const { temperature, topP, topK } = request;
  if (isThinking) {
    const isClose = topP !== undefined && topP >= LEAST_TOP_P && topP <= 1;
    const kept = isClose ? { temperature, topK } : { temperature, topP, topK };
    refuse(kept, 'not sent with thinking on', warnings);
    return present({ top_p: isClose ? topP : undefined });
  }
  const sent = {
    temperature: withinRange('temperature', temperature, 0, 1, warnings),
    top_p: withinRange('top_p', topP, 0, 1, warnings),
    top_k: topK,
  };
  if (model.sampling === 'both' || temperature === undefined || topP === undefined) return present(sent);
  // The default of either changes nothing.
  if (temperature === 1) return present({ ...sent, temperature: undefined });
  if (topP !== 1) warnings.push({ param: 'top_p', message: 'not sent beside temperature' });
  return present({ ...sent, top_p: undefined });
}

/** The defaults are left out without a word. */
function refuse({ temperature, topP, topK }: Given, message: string, warnings: Warning[]): void {
  const given = {
    temperature: temperature === 1 ? undefined : temperature,
    top_p: topP === 1 ? undefined : topP,
    top_k: topK,
  };
  for (const param of Object.keys(present(given))) warnings.push({ param, message });
}
