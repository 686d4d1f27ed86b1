// `usage` of an answer → neutral counts. The vendor counts cached tokens apart from `input_tokens`.

import type { Usage } from '../../conversation/answer.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { numberOf, objectOf, present, stringOf } from '../../json/read-value.ts';
import { keep } from './keep-rest.ts';

const USAGE = new Set(
  'input_tokens cache_read_input_tokens cache_creation_input_tokens output_tokens output_tokens_details'.split(
    ' ',
  ),
);
const DETAILS = new Set(['thinking_tokens']);

export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const cachedInput = numberOf(value['cache_read_input_tokens']);
  const cacheWrite = numberOf(value['cache_creation_input_tokens']);
  const details = objectOf(value['output_tokens_details']);
  const rest = restOf(value, USAGE);
  const ofDetails = restOf(details, DETAILS);
  return {
    input: (numberOf(value['input_tokens']) ?? 0) + (cachedInput ?? 0) + (cacheWrite ?? 0),
    output: numberOf(value['output_tokens']) ?? 0,
    ...present({ cachedInput, cacheWrite, reasoning: numberOf(details['thinking_tokens']) }),
    ...keep(ofDetails === undefined ? rest : { ...rest, output_tokens_details: ofDetails }),
  };
}

/** In OpenAI's names, which clients of other dialects know. */
export function decodeTier(usage: JsonValue | undefined): string | undefined {
  const tier = stringOf(objectOf(usage)['service_tier']);
  return tier === 'standard' ? 'default' : tier;
}
