// The rows of the benchmark: which load goes to which subjects. The first subject of a row is what the others are
// compared with.

import { ALIAS, MODEL } from './bench-config.ts';
import type { RowLoad } from './measure-row.ts';
import { PLAIN_BODY_BYTES, STREAM_BODY_BYTES } from './provider-answers.ts';
import { COUNTER, chatRequest, FRESH_PROMPTS, httpRequest } from './requests.ts';

export const BARE = 'bare Envoy';
export const GATEWAY = 'Pointsman';
export const GRPC_JS = 'on grpc-js';
export const ROUTED = 'Pointsman, embedded router';
export const ARCH = 'Pointsman, Arch-Router';
export const MODEL_SERVER = 'model server asked directly';

export interface Row {
  /** For `--only`, with the connections: `plain-1`. */
  readonly id: string;
  readonly title: string;
  readonly loads: readonly RowLoad[];
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

export function allRows(comparesGrpcJs: boolean): Row[] {
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
  return [
    ...both.map((connections) => row('plain', 'plain', connections, [BARE, plain], [GATEWAY, plain])),
    ...(comparesGrpcJs
      ? both.map((connections) =>
          row('grpc-js', 'plain, grpc-js', connections, [BARE, plain], [GATEWAY, plain], [GRPC_JS, plain]),
        )
      : []),
    row('rewritten', 'model rewritten', 16, [BARE, plain], [GATEWAY, rewritten]),
    ...both.map((connections) =>
      row('streamed', '50 streamed events', connections, [BARE, stream], [GATEWAY, stream]),
    ),
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
