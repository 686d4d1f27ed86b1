// Operations of a vendor's API that are neither routed nor translated (embeddings, token counts): to a target that speaks the
// vendor's dialect, at the same base path, with its key and model id.

import type { ClientDialect } from '../contract/dialect.ts';
import type { Forward, HeaderPair, RequestHead } from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import { headerSafe } from '../contract/header-safe.ts';
import { CLUSTER_HEADER } from '../contract/owned-headers.ts';
import type { ResolvedModel } from '../plan/model-resolver.ts';
import { buildOutgoing, PARTICULAR_HEADERS } from '../plan/outgoing-request.ts';
import { clientHeader } from './client-query.ts';
import type { Resumed } from './conversations.ts';
import type { Endpoint } from './endpoints.ts';

export type PassEndpoint = Extract<Endpoint, { type: 'pass' }>;

/** What the path of the dialect's main operation ends in, by which its base path is found. */
const OPERATION: Readonly<Record<ClientDialect, RegExp>> = {
  'openai-chat': /\/chat\/completions(?=\?|$)/,
  'openai-responses': /\/responses(?=\?|$)/,
  'anthropic-messages': /\/messages(?=\?|$)/,
  gemini: /\/models\/\{model\}:generateContent(?=\?|$)/,
};

/** @throws GatewayError 'dialect-not-supported' */
export function planPass(
  head: RequestHead,
  { dialect, operation }: PassEndpoint,
  { body, resumed }: Resumed,
  model: ResolvedModel,
  query: string,
): Forward {
  const { target } = model;
  const main = target.paths[dialect];
  if (main === undefined || !OPERATION[dialect].test(main)) throw notServed(model, operation);
  const path = main.replace(OPERATION[dialect], operation);
  const request = {
    dialect,
    stream: false,
    query,
    body,
    header: (name: string) => clientHeader(head, dialect, name),
    seed: '',
    created: 0,
    resumed,
  };
  const outgoing = buildOutgoing(request, { ...model, target: { ...target, paths: { [dialect]: path } } });
  const setHeaders: HeaderPair[] = [[CLUSTER_HEADER, target.cluster], ...outgoing.setHeaders];
  return {
    type: 'forward',
    setHeaders,
    removeHeaders: PARTICULAR_HEADERS.filter(
      (name) => head.header(name) !== undefined && !setHeaders.some(([own]) => own === name),
    ),
    metadata: { dialect, model: headerSafe(model.id) },
    ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
  };
}

function notServed({ id }: ResolvedModel, operation: string): GatewayError {
  const message = `${id} has no ${operation}: its provider does not speak this API`;
  return new GatewayError('dialect-not-supported', message);
}
