// What a vendor, or a client made for it, would find wrong with what the gateway made.

import { checkBody } from '../vendors/wire-schemas.ts';
import type { Cell, ClientDialect, GoldenCase } from './golden-case.ts';
import { outcomeOf, said } from './outcomes.ts';
import { runRequest, vendorOf } from './run-cell.ts';

/** Not faults, although the stand-in vendors or the SDKs' types say so. */
const ADMITTED: readonly RegExp[] = [
  // Claude's proofs are good wherever Claude runs; a stand-in knows only those that it gave.
  /^messages\.1: Invalid `signature` in `thinking` block$/,
  // What servers of Chat's dialect add to it: thoughts and their proofs.
  /\.(reasoning_content|reasoning_details|extra_content) is not known$/,
  // https://platform.openai.com/docs/api-reference/responses-streaming/response/function_call_arguments/done has it.
  /^name is not known$/,
  // Codex and others know the code, the SDK's list does not: https://platform.openai.com/docs/guides/error-codes
  /^response\.error\.code: "server_is_overloaded" is not known$/,
  // Google counts in every event, we when the provider said its counts.
  /^usageMetadata is missing$/,
  // New in Anthropic's types, null nearly always, and no client waits for them.
  /(^|\.)(container|diagnostics|stop_details|citations|output_tokens_details|server_tool_use|service_tier|speed) is missing$/,
  /(^|\.)(cache_creation|inference_geo) is missing$/,
];

/** One line each; empty for a refusal, which goes to nobody. */
export async function findFaults(row: GoldenCase, cell: Cell): Promise<string[]> {
  const found = cell.kind === 'request' ? await faultsOfRequest(row, cell) : await faultsOfAnswer(row, cell);
  return found.filter((fault) => !ADMITTED.some((pattern) => pattern.test(fault)));
}

async function faultsOfRequest(row: GoldenCase, cell: Cell): Promise<string[]> {
  if (outcomeOf(row, cell).startsWith('Refused')) return [];
  const client = cell.from as ClientDialect;
  const { schemas, dialect, findBreaches } = vendorOf(cell.to);
  const { body } = runRequest(client, said(row.requests?.[client], client), row.stream === true, dialect);
  const sent = JSON.parse((body ?? '').toString()) as object;
  const found = await checkBody(schemas.request, sent);
  return found.length > 0 ? found : findBreaches(sent);
}

async function faultsOfAnswer(row: GoldenCase, cell: Cell): Promise<string[]> {
  const { schemas } = vendorOf(cell.to);
  const outcome = outcomeOf(row, cell);
  if (cell.kind === 'answer') {
    const json = /^200 .*```json\n(.*)\n```$/s.exec(outcome)?.[1];
    return json === undefined ? [] : checkBody(schemas.answer, JSON.parse(json));
  }
  const events = [...outcome.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data);
  const found = await Promise.all(
    events
      .filter((data) => data !== '[DONE]' && !/^\{("type":"error",.*)?"error":/.test(data))
      .map((data) => checkBody(schemas.event, JSON.parse(data))),
  );
  return found.flat();
}
