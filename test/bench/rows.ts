// The rows of the benchmark: which load goes to which subjects. The first subject of a row is what the others are
// compared with.

import type { ClientDialect } from '../../src/contract/dialect.ts';
import { ALIAS, CHAINED, MODEL, MODEL_OF_DIALECT } from './bench-config.ts';
import type { RowLoad } from './measure-row.ts';
import { PLAIN_ANSWERS, STREAM_ANSWERS } from './provider-answers.ts';
import { COUNTER, chatRequest, dialectRequest, FRESH_PROMPTS, httpRequest } from './requests.ts';

export const BARE = 'bare Envoy';
export const GATEWAY = 'Pointsman';
export const GRPC_JS = 'on grpc-js';
/** With providers of every dialect, and models that others follow. */
export const MORE = 'Pointsman, four dialects';
export const ONE_MODEL = 'one model';
export const NEXT_MODEL = 'with a next one';
export const OWN = 'own dialect';
export const TRANSLATED = 'translated';
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
  const answerBytes = PLAIN_ANSWERS['openai-chat'].bytes;
  const plain = { requests: [named], answerBytes };
  const stream = { requests: [streamed], answerBytes: STREAM_ANSWERS['openai-chat'].bytes };
  const rewritten = { requests: [aliased], answerBytes };
  const chained = { requests: [chatRequest({ model: CHAINED })], answerBytes };
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
    pair('failover', 'first attempt', 16, [ONE_MODEL, plain], [NEXT_MODEL, chained]),
    translated('openai-chat', 'anthropic-messages', true, 1),
    ...PAIRS.flatMap(([client, provider]) => [
      translated(client, provider, false, 16),
      translated(client, provider, true, 16),
    ]),
  ];

  /** Two loads on one subject. */
  function pair(
    id: string,
    title: string,
    connections: number,
    ...loads: [label: string, order: Omit<RowLoad['order'], 'connections'>][]
  ): Row {
    const { loads: unnamed, ...rest } = row(
      id,
      title,
      connections,
      ...loads.map(([, order]): [string, typeof order] => [MORE, order]),
    );
    return { ...rest, loads: unnamed.map((load, index) => ({ ...load, label: loads[index]?.[0] ?? '' })) };
  }

  /** Beside the same request to a model of its own dialect. */
  function translated(
    client: ClientDialect,
    provider: ClientDialect,
    isStream: boolean,
    connections: number,
  ): Row {
    const own = { requests: [dialectRequest(client, MODEL_OF_DIALECT[client], isStream)] };
    const other = { requests: [dialectRequest(client, MODEL_OF_DIALECT[provider], isStream)] };
    const title = `${SHORT_NAMES[client]} → ${SHORT_NAMES[provider]}${isStream ? ', 50 streamed events' : ''}`;
    const name = `${SHORT_NAMES[client]}-${SHORT_NAMES[provider]}`.toLowerCase();
    return pair(isStream ? `${name}-streamed` : name, title, connections, [OWN, own], [TRANSLATED, other]);
  }
}

const SHORT_NAMES: Readonly<Record<ClientDialect, string>> = {
  'openai-chat': 'Chat',
  'openai-responses': 'Responses',
  'anthropic-messages': 'Messages',
  gemini: 'Gemini',
};

const DIALECTS_IN_ORDER = Object.keys(SHORT_NAMES) as ClientDialect[];
const PAIRS = DIALECTS_IN_ORDER.flatMap((client) =>
  DIALECTS_IN_ORDER.filter((provider) => provider !== client).map((provider) => [client, provider] as const),
);
