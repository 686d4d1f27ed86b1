// A target and the client's request → what goes out to it: cluster, path, authority, key, headers, body, translated where the
// target speaks another dialect. Pure: the same input gives the same bytes on any attempt, in any worker.

import type { Target } from '../config/gateway-config.ts';
import type { ClientDialect, Dialect } from '../contract/dialect.ts';
import type { HeaderPair } from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import { CREDENTIAL_HEADERS, SIGNATURE_HEADERS, VENDOR_HEADERS } from '../contract/owned-headers.ts';
import type { ConversationRequest } from '../conversation/conversation-request.ts';
import type { Part } from '../conversation/part.ts';
import type { Warning } from '../conversation/warning.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { BodyEdit } from '../providers/provider-definition.ts';
import { DIALECT_MODULES } from '../translate/dialect-modules.ts';
import type { Translation } from '../translate/translation.ts';
import { clientParam } from './client-param.ts';
import { type ClientRequest, decode } from './client-request.ts';
import { applyEdit, editBody } from './edit-body.ts';
import type { ResolvedModel } from './model-resolver.ts';
import { readBody } from './read-body.ts';

export interface OutgoingRequest {
  /** All that is particular to the target, `:path` and `:authority` included; `content-length` where the body changed. */
  readonly setHeaders: readonly HeaderPair[];
  /** Undefined: the client's bytes as they are. */
  readonly body: Buffer | undefined;
  /** Undefined: the answer passes as it is. */
  readonly translation: Translation | undefined;
  readonly warnings: readonly Warning[];
}

/** Headers that belong to a caller or to one vendor: what a target does not set itself must not reach it. */
export const PARTICULAR_HEADERS: readonly string[] = [
  ...new Set([...CREDENTIAL_HEADERS, ...SIGNATURE_HEADERS, ...Object.values(VENDOR_HEADERS).flat()]),
];

/** @throws GatewayError 'dialect-not-supported', or 'invalid-request' for what cannot be said to the target */
export function buildOutgoing(request: ClientRequest, model: ResolvedModel): OutgoingRequest {
  const { target } = model;
  const own = target.paths[request.dialect] !== undefined;
  const dialect = own ? request.dialect : spokenBy(target);
  if (dialect === undefined) throw notServed(model);
  const setHeaders: HeaderPair[] = [
    [':path', own ? ownPath(request, model) : translatedPath(request, model, dialect)],
    [':authority', target.authority],
  ];
  placeHeaders(request, target, dialect, setHeaders);
  return own ? passOn(request, model, setHeaders) : translate(request, model, dialect, setHeaders);
}

/** In the client's own dialect. */
function passOn(
  request: ClientRequest,
  { target, modelId }: ResolvedModel,
  setHeaders: HeaderPair[],
): OutgoingRequest {
  const body =
    request.resumed === true
      ? detach(request, modelId, target.body)
      : editBody(request.body, modelId, request.dialect, target.body);
  // Some providers refuse chunked bodies, so that one gets its length even where it goes out as it came.
  if (body !== undefined || request.header('content-length') === undefined) {
    setHeaders.push(['content-length', `${(body ?? request.body.bytes).length}`]);
  }
  return { setHeaders, body, translation: undefined, warnings: [] };
}

/** What the provider does not know of is in the input already. */
function detach({ dialect, body }: ClientRequest, modelId: string, edit: BodyEdit | undefined): Buffer {
  const { resumption } = DIALECT_MODULES[dialect];
  if (resumption === undefined) throw new Error(`${dialect} resumes nothing`);
  const bytes = resumption.detach(body);
  return editBody(readBody(bytes), modelId, dialect, edit) ?? bytes;
}

function translate(
  request: ClientRequest,
  { target, modelId, id }: ResolvedModel,
  dialect: Dialect,
  setHeaders: HeaderPair[],
): OutgoingRequest {
  const { stream, seed, created, keepAs } = request;
  const module = DIALECT_MODULES[dialect];
  const decoded = decode(request);
  const asked = withoutServed(decoded.request, request);
  refuseReferences(asked.vendor?.members, request.dialect, id);
  refuseItemReferences(asked, id);
  const encoded = encode(() =>
    module.encodeRequest(asked, {
      modelId,
      stream,
      asksForUsage: target.refusesStreamOptions !== true,
      takesSystemTurns: target.refusesSystemTurns !== true,
    }),
  );
  const body = Buffer.from(JSON.stringify(applyEdit(encoded.body, target.body)));
  setHeaders.push(
    ['content-type', 'application/json'],
    // The answer has to be read.
    ['accept-encoding', 'identity'],
    ['accept', stream ? (module.streamType ?? 'text/event-stream') : 'application/json'],
    ['content-length', `${body.length}`],
  );
  const keeps = keepAs === undefined ? {} : { keepAs };
  const context = { seed, created, model: modelId, stream, ...keeps, memo: decoded.memo };
  const translation = { client: request.dialect, provider: dialect, context };
  const warnings = encoded.warnings.map(({ param, message }) => ({ param: said(param), message }));
  return { setHeaders, body, translation, warnings };

  function said(param: string): string {
    return clientParam(param, decoded, DIALECT_MODULES[request.dialect].names);
  }

  /** What cannot be said is refused with the name of the model that it cannot be said to. */
  function encode<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
      const { kind, message, param } = thrown;
      const own = param === undefined ? undefined : said(param);
      const words = own === undefined ? message : message.replaceAll(`'${param}'`, `'${own}'`);
      throw new GatewayError(kind, `${words} (the request was routed to ${id})`, own);
    }
  }
}

const PREVIOUS = 'previous_response_id';

/** What an answer goes on from, where only the vendor that keeps it can know it. */
const REFERENCES = [PREVIOUS, 'conversation', 'prompt'];

/** Without what the gateway itself does for the caller: its provider cannot be told of it, and need not be. */
function withoutServed(asked: ConversationRequest, { resumed, keepAs }: ClientRequest): ConversationRequest {
  const served = [...(resumed === true ? [PREVIOUS] : []), ...(keepAs === undefined ? [] : ['store'])];
  const { vendor, ...rest } = asked;
  if (vendor === undefined || !served.some((name) => name in vendor.members)) return asked;
  const members = Object.fromEntries(
    Object.entries(vendor.members).filter(([name]) => !served.includes(name)),
  );
  return Object.keys(members).length === 0 ? rest : { ...rest, vendor: { ...vendor, members } };
}

/** What `ai`'s provider for Responses sends of earlier turns, unless it is told to store nothing. */
const ITEM_REFERENCE = 'item_reference';

function refuseItemReferences({ messages }: ConversationRequest, id: string): void {
  const isReference = (part: Part): boolean => part.type === 'vendor' && part.name === ITEM_REFERENCE;
  if (!messages.some(({ parts }) => parts.some(isReference))) return;
  const message = `'input' refers to items that another provider keeps; send the items themselves, as SDKs do that are told to store nothing (the request was routed to ${id})`;
  throw new GatewayError('invalid-request', message, 'input');
}

function refuseReferences(members: JsonObject | undefined, client: ClientDialect, id: string): void {
  const found = REFERENCES.find((name) => members?.[name] != null);
  if (found === undefined) return;
  const { resumption } = DIALECT_MODULES[client];
  const previous = resumption?.previousOf(members ?? {});
  if (found === PREVIOUS && previous !== undefined && resumption?.isOurs(previous) === true) {
    const message = `Previous response with id '${previous}' not found.`;
    throw new GatewayError('previous-answer-not-found', message, found);
  }
  const message = `'${found}' refers to what another provider keeps; send the whole input (the request was routed to ${id})`;
  throw new GatewayError('invalid-request', message, found);
}

/** Whether a target can be called at all. */
export function isServed(target: Target): boolean {
  return spokenBy(target) !== undefined;
}

/** What a request in another dialect is translated to. */
function spokenBy({ paths }: Target): Dialect | undefined {
  return (Object.keys(paths) as Dialect[])[0];
}

function pathOf({ stream }: ClientRequest, { target, modelId }: ResolvedModel, dialect: Dialect): string {
  const path = (stream ? target.streamPaths?.[dialect] : undefined) ?? target.paths[dialect] ?? '';
  // Google has versions of models behind an @, which a path may hold as it is.
  return path.replace('{model}', encodeURIComponent(modelId).replaceAll('%40', '@'));
}

/** The client's query goes along, but not to a provider that has the same dialect in an API of its own. */
function ownPath(request: ClientRequest, model: ResolvedModel): string {
  const query = model.target.body === undefined ? request.query : '';
  return withQuery(pathOf(request, model, request.dialect), query);
}

function translatedPath(request: ClientRequest, model: ResolvedModel, dialect: Dialect): string {
  const query = request.stream ? DIALECT_MODULES[dialect].streamQuery : undefined;
  return withQuery(pathOf(request, model, dialect), query ?? '');
}

function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

function placeHeaders(request: ClientRequest, target: Target, dialect: Dialect, set: HeaderPair[]): void {
  const { credential } = target;
  if (credential.type === 'key') {
    const { header, value } = credential.byDialect?.[dialect] ?? credential;
    set.push([header, value]);
  }
  set.push(...target.headers);
  const kept = dialect === request.dialect ? VENDOR_HEADERS[dialect] : [];
  const carried = credential.type === 'passthrough' ? [...CREDENTIAL_HEADERS, ...kept] : kept;
  for (const name of carried) {
    const value = request.header(name);
    if (value !== undefined && !isSet(set, name)) set.push([name, value]);
  }
  for (const pair of target.defaultHeaders ?? []) if (!isSet(set, pair[0])) set.push(pair);
}

function isSet(set: readonly HeaderPair[], name: string): boolean {
  return set.some(([own]) => own === name);
}

function notServed({ id }: ResolvedModel): GatewayError {
  const message = `the request was routed to ${id}, a model of a provider that this gateway cannot call; name another model, or ask the operator`;
  return new GatewayError('dialect-not-supported', message);
}
