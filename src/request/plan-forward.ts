// A chosen target → the request that goes out to it: cluster, path, authority, key, model id. The target's key replaces
// whatever credentials the caller sent; the body changes only in the members that are ours.

import type { Target } from '../config/gateway-config.ts';
import type { Dialect } from '../contract/dialect.ts';
import type { Forward, HeaderPair, RequestHead } from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import { CLUSTER_HEADER, CREDENTIAL_HEADERS } from '../contract/owned-headers.ts';
import { editObject } from '../json/edit-object.ts';
import { POLICY_MEMBERS } from './inline-policy.ts';
import type { ResolvedModel } from './model-resolver.ts';
import type { ReadBody } from './read-body.ts';

/** @throws GatewayError 'dialect-not-supported' */
export function planForward(
  head: RequestHead,
  body: ReadBody,
  dialect: Dialect,
  model: ResolvedModel,
  metadata: Readonly<Record<string, string>>,
): Forward {
  const { target, modelId } = model;
  const template = target.paths[dialect];
  if (template === undefined) throw notSpoken(model, dialect);

  const setHeaders: HeaderPair[] = [
    [CLUSTER_HEADER, target.cluster],
    [':path', joinQuery(template.replace('{model}', encodeURIComponent(modelId)), head.path)],
    [':authority', target.authority],
    ...target.headers,
  ];
  for (const pair of target.defaultHeaders ?? [])
    if (head.header(pair[0]) === undefined) setHeaders.push(pair);
  const removeHeaders: string[] = [];
  placeCredential(head, target, setHeaders, removeHeaders);

  const edited = editBody(body, modelId);
  // Some providers refuse chunked bodies, so that one gets its length even where it goes out as it came.
  if (edited !== undefined || head.header('content-length') === undefined)
    setHeaders.push(['content-length', `${(edited ?? body.bytes).length}`]);
  const forward = { type: 'forward', setHeaders, removeHeaders, metadata } as const;
  return edited === undefined ? forward : { ...forward, body: edited };
}

function placeCredential(head: RequestHead, target: Target, set: HeaderPair[], remove: string[]): void {
  const { credential } = target;
  if (credential.type === 'passthrough') return;
  if (credential.type === 'key') set.push([credential.header, credential.value]);
  for (const name of CREDENTIAL_HEADERS) {
    if (head.header(name) !== undefined && !set.some(([own]) => own === name)) remove.push(name);
  }
}

/** The body with the model's id in every `model` member and without our own members; undefined where it is that already. */
function editBody(body: ReadBody, modelId: string): Buffer | undefined {
  const named = body.members.filter((member) => member.key === 'model');
  const isNamed = named.length === 1 && body.value['model'] === modelId;
  if (isNamed && !body.members.some((member) => POLICY_MEMBERS.has(member.key))) return undefined;
  const set = isNamed ? new Map<string, string>() : new Map([['model', JSON.stringify(modelId)]]);
  return editObject(body.bytes, body.members, { remove: POLICY_MEMBERS, set });
}

/** The client's query goes along (`?beta=true`), except for a key, which is a credential. */
function joinQuery(path: string, clientPath: string): string {
  const start = clientPath.indexOf('?');
  if (start < 0) return path;
  const kept = clientPath
    .slice(start + 1)
    .split('&')
    .filter((pair) => pair !== '' && !/^(key|api[-_]key)(=|$)/i.test(pair));
  if (kept.length === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${kept.join('&')}`;
}

function notSpoken({ id, target }: ResolvedModel, dialect: Dialect): GatewayError {
  const spoken = Object.keys(target.paths).join(', ');
  if (spoken === '') {
    const message = `the request was routed to ${id}, a model of a provider that this gateway cannot call; name another model, or ask the operator`;
    return new GatewayError('dialect-not-supported', message);
  }
  const message = `the request was routed to ${id}, which speaks ${spoken} and not ${dialect}; translation between the two is not available`;
  return new GatewayError('dialect-not-supported', message);
}
