// The rows of the benchmark: which load goes to which subjects. The first subject of a row is what the others are
// compared with.

import { ALIAS, MODEL } from './bench-config.ts';
import type { RowLoad } from './measure-row.ts';
import { PLAIN_BODY_BYTES, STREAM_BODY_BYTES } from './provider-answers.ts';
import { COUNTER, chatRequest, FRESH_PROMPTS, httpRequest } from './requests.ts';

export const BARE = 'bare Envoy';
export const GATEWAY = 'Pointsman';
export const GRPC_JS = 'on grpc-js';
export const OTHER = 'Pointsman, other checkout';
export const ROUTED = 'Pointsman, embedded router';
export const ARCH = 'Pointsman, Arch-Router';
export const MODEL_SERVER = 'model server asked directly';

export interface Row {
  /** For `--only`, with the connections: `plain-1`. */
  readonly id: string;
  readonly title: string;
  readonly loads: readonly RowLoad[];
}

/** What is measured beside this gateway, in the rows of forwarded requests. */
export interface Comparisons {
  readonly grpcJs: boolean;
  readonly otherCheckout: boolean;
}

const DECISION_PATH = '/routing/v1/chat/completions';
const named = chatRequest({ model: MODEL });
const aliased = chatRequest({ model: ALIAS });
const streamed = chatRequest({ model: MODEL, stream: true });
const cachedDecision = chatRequest({ path: DECISION_PATH, model: MODEL });
const freshDecisions = FRESH_PROMPTS.map((prompt) =>
  chatRequest({ path: DECISION_PATH, model: MODEL, prompt }),
);
const modelServer = httpRequest('/api/chat', { model: 'bench-router', stream: false });

export function allRows({ grpcJs, otherCheckout }: Comparisons): Row[] {
  const plain = { requests: [named], answerBytes: PLAIN_BODY_BYTES };
  const stream = { requests: [streamed], answerBytes: STREAM_BODY_BYTES };
  const rewritten = { requests: [aliased], answerBytes: PLAIN_BODY_BYTES };
  const cached = { requests: [cachedDecision] };
  const fresh = { requests: freshDecisions, counter: COUNTER };
  const row = (
    id: string,
    title: string,
    connections: number,
    ...loads: [subject: string, order: Omit<RowLoad['order'], 'connections'>][]
  ): Row => ({
    id: `${id}-${connections}`,
    title,
    loads: loads.map(([subject, order]) => ({ subject, order: { ...order, connections } })),
  });
  const both = [1, 16];
  const forwarded = (
    id: string,
    title: string,
    connections: number,
    bare: Omit<RowLoad['order'], 'connections'>,
    ours: Omit<RowLoad['order'], 'connections'> = bare,
  ): Row => {
    const compared = [...(grpcJs ? [GRPC_JS] : []), ...(otherCheckout ? [OTHER] : [])];
    const loads = [GATEWAY, ...compared].map((subject): [string, typeof ours] => [subject, ours]);
    return row(id, title, connections, [BARE, bare], ...loads);
  };
  return [
    ...both.map((connections) => forwarded('plain', 'plain', connections, plain)),
    forwarded('rewritten', 'model rewritten', 16, plain, rewritten),
    ...both.map((connections) => forwarded('streamed', '50 streamed events', connections, stream)),
    ...both.map((connections) =>
      row('routed', 'proxied, decision cached', connections, [GATEWAY, plain], [ROUTED, plain]),
    ),
    ...both.map((connections) => row('decision', 'decision, cached', connections, [ROUTED, cached])),
    row('embedded', 'decision, embedded model', 1, [ROUTED, fresh]),
    row(
      'arch-router',
      'decision, Arch-Router',
      1,
      [MODEL_SERVER, { requests: [modelServer] }],
      [ARCH, fresh],
    ),
  ];
}
