// One cell of the golden table: what the gateway makes of a request, an answer or a stream, by the same steps as in service.

import type { Target } from '../../src/config/gateway-config.ts';
import type { AnswerReaction, Later, ResponseHead } from '../../src/contract/exchange.ts';
import type { ClientRequest } from '../../src/plan/client-request.ts';
import { buildOutgoing, type OutgoingRequest } from '../../src/plan/outgoing-request.ts';
import { readBody } from '../../src/plan/read-body.ts';
import { createAnswerReader } from '../../src/translate/answer-reader.ts';
import type { Translation } from '../../src/translate/translation.ts';
import type { VendorDialect } from '../vendors/vendor.ts';
import { VENDORS } from '../vendors/vendors.ts';
import type { ClientDialect, ProviderAnswer } from './golden-case.ts';

export function vendorOf(dialect: string): (typeof VENDORS)[number] {
  const found = VENDORS.find((vendor) => vendor.dialect === dialect);
  if (found === undefined) throw new Error(`no stand-in vendor speaks ${dialect}`);
  return found;
}

export function bytesOf(body: object): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

/** @throws GatewayError where the target cannot be told */
export function runRequest(
  client: ClientDialect,
  body: object,
  stream: boolean,
  provider: VendorDialect,
): OutgoingRequest {
  const { model, path } = vendorOf(provider);
  const request: ClientRequest = {
    dialect: client,
    stream,
    query: stream && client === 'gemini' ? 'alt=sse' : '',
    body: readBody(bytesOf(body)),
    header: () => undefined,
    seed: '0123456789abcdef01234567',
    created: 1_763_888_400,
  };
  const target: Target = {
    name: provider,
    provider,
    modelId: model,
    cluster: provider,
    authority: 'vendor.test',
    paths: { [provider]: path(model, stream) },
    fallback: [],
    credential: { type: 'none' },
    headers: [],
  };
  return buildOutgoing(request, { target, modelId: model, id: `${provider}/${model}` });
}

export interface GivenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export function runAnswer(
  translation: Translation,
  { status, headers = {}, body }: ProviderAnswer,
): GivenAnswer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : bytesOf(body as object);
  const given: Record<string, string> = {
    'content-type': 'application/json',
    'content-length': `${bytes.length}`,
    ...headers,
  };
  const reaction = react(translation, status, given);
  if (reaction.type !== 'replace') throw new Error(`an answer that was to be ${reaction.type}ed`);
  const { setHeaders, removeHeaders, body: made } = atOnce(reaction.replace(bytes));
  const left = Object.entries(given).filter(([name]) => !removeHeaders.includes(name));
  const { ':status': changed, ...shown } = Object.fromEntries([...left, ...setHeaders]);
  return { status: Number(changed ?? status), headers: shown, text: Buffer.from(made).toString() };
}

/** What goes out with each piece of the provider's stream, and at its end. */
export function runStream(translation: Translation, pieces: readonly Buffer[]): string[] {
  const reaction = react(translation, 200, { 'content-type': vendorOf(translation.provider).streamType });
  if (reaction.type !== 'transform') throw new Error(`a stream that was to be ${reaction.type}ed`);
  const made = [
    ...pieces.map((piece) => reaction.transform(piece, false)),
    reaction.transform(Buffer.alloc(0), true),
  ];
  return made.map((bytes) => Buffer.from(atOnce(bytes)).toString());
}

function react(
  translation: Translation,
  status: number,
  headers: Readonly<Record<string, string>>,
): AnswerReaction {
  const head: ResponseHead = { status, endOfStream: false, header: (name) => headers[name] };
  const report = (cause: unknown): never => {
    throw new Error('an answer that could not be read', { cause });
  };
  return createAnswerReader(translation, { report, redact: (text) => text })(head);
}

/** Nothing is kept here, so nothing is waited for. */
function atOnce<T>(given: Later<T>): T {
  if (given instanceof Promise) throw new Error('something was waited for');
  return given;
}
