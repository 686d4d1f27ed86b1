// What weighed in a decision, as plain text for `pointsman route --explain`.

import type { RoutePolicy } from '../config/gateway-config.ts';
import type { Turn } from '../conversation/turn.ts';
import { selectText } from '../decide/embedded/select-text.ts';
import { nearExamples, whatWeighed } from '../decide/embedded/what-weighed.ts';
import { type ChainDecision, embeddedAnswer } from '../decide/router-chain.ts';
import { routesIdOf } from '../decide/routes-id.ts';
import type { Decider } from './decider.ts';

const MOST_PARTS = 5;
/** A part that changes less says nothing. */
const LEAST_WEIGHT = 0.1;
const MOST_EXAMPLES = 3;
const LONGEST_TEXT = 300;

/** Of the embedded router's answer, also where Arch-Router decided instead; nobody can look into that. */
export async function explainDecision(
  decider: Decider,
  policy: RoutePolicy,
  turns: readonly Turn[],
  decision: ChainDecision,
): Promise<string> {
  const { embedded } = decider;
  const answer = embeddedAnswer(decision);
  if (embedded === undefined || answer === undefined)
    return 'weighed       by Arch-Router, which does not say what\n';
  const { routes } = policy;
  const question = { routes, routesId: routesIdOf(routes), turns };
  const { text, context } = selectText(turns);
  const parts = await whatWeighed(embedded.router, question, answer, new AbortController().signal);
  const heavy = parts.filter(({ weight }) => Math.abs(weight) >= LEAST_WEIGHT);
  const near = await nearExamples(embedded.model.encoder, question, MOST_EXAMPLES);
  const lines = [
    `turns         ${turns.length}, the latest of ${turns.at(-1)?.text.length ?? 0} characters`,
    `text          ${inOneLine(text)}`,
    `context       ${context === '' ? 'none: the text speaks for itself' : inOneLine(context)}`,
    ...(heavy.length === 0
      ? []
      : [`weighed for ${answer.route ?? 'none'}, by how much its log-odds fall without it`]),
    ...heavy.slice(0, MOST_PARTS).map(({ text: part, weight }) => `  ${signed(weight)}  ${inOneLine(part)}`),
    ...(near.length === 0 ? [] : ['near examples, by similarity']),
    ...near.map(
      ({ route, example, similarity }) => `  ${similarity.toFixed(3)}  ${route}: ${inOneLine(example)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function signed(weight: number): string {
  return `${weight < 0 ? '-' : '+'}${Math.abs(weight).toFixed(1)}`;
}

function inOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST_TEXT ? line : `${line.slice(0, LONGEST_TEXT - 1)}…`;
}
