// The cells of a row and what comes of each, as a reader of the golden files sees it.

import type { Dialect } from '../../src/contract/dialect.ts';
import { GatewayError } from '../../src/contract/gateway-error.ts';
import { DIALECT_MODULES } from '../../src/translate/dialect-modules.ts';
import type { Translation } from '../../src/translate/translation.ts';
import type { VendorDialect } from '../vendors/vendor.ts';
import { simpleText, streamedRequest } from './cases/turns.ts';
import { type Cell, type ClientDialect, type GoldenCase, NO_WORDS } from './golden-case.ts';
import { printJson } from './print-json.ts';
import { runAnswer, runRequest, runStream } from './run-cell.ts';

export const PROVIDERS: readonly Dialect[] = Object.keys(DIALECT_MODULES) as Dialect[];
export const CLIENTS: readonly ClientDialect[] = PROVIDERS.filter(
  (dialect): dialect is ClientDialect => 'decodeRequest' in DIALECT_MODULES[dialect],
);

/** All pairs of different dialects between which the case says anything. */
export function cellsOf(row: GoldenCase): Cell[] {
  const pairs = CLIENTS.flatMap((client) =>
    PROVIDERS.filter((provider) => provider !== client).map((provider) => ({ client, provider })),
  );
  const cells: Cell[] = [];
  for (const { client, provider } of pairs) {
    if (row.requests !== undefined && row.requests[client] !== NO_WORDS)
      cells.push({ kind: 'request', from: client, to: provider });
  }
  for (const kind of ['answer', 'stream'] as const) {
    const given = kind === 'answer' ? row.answers : row.streams;
    for (const { client, provider } of pairs) {
      if (given !== undefined && given[provider as VendorDialect] !== NO_WORDS)
        cells.push({ kind, from: provider, to: client });
    }
  }
  return cells;
}

/** @throws where the case does not say it in the dialect that it comes from */
export function outcomeOf(row: GoldenCase, { kind, from, to }: Cell): string {
  switch (kind) {
    case 'request':
      return showRequest(row, from as ClientDialect, to as VendorDialect);
    case 'answer': {
      const answer = said(row.answers?.[from as VendorDialect], from);
      const { status, headers, text } = runAnswer(translation(row, to as ClientDialect, from, false), answer);
      const retry = headers['retry-after'] === undefined ? '' : `, retry-after: ${headers['retry-after']}`;
      return `${status} ${headers['content-type']}${retry}\n\n${json(JSON.parse(text))}`;
    }
    case 'stream': {
      const pieces = said(row.streams?.[from as VendorDialect], from);
      const made = runStream(translation(row, to as ClientDialect, from, true), pieces);
      return `\`\`\`text\n${made.map(showPiece).join('--\n')}\`\`\``;
    }
  }
}

/** What the case says in the dialect. */
export function said<T>(given: T | typeof NO_WORDS | undefined, dialect: Dialect): T {
  if (given === undefined || given === NO_WORDS) throw new Error(`the case is missing in ${dialect}`);
  return given as T;
}

function showRequest(row: GoldenCase, from: ClientDialect, to: VendorDialect): string {
  try {
    const { setHeaders, body, warnings } = runRequest(
      from,
      said(row.requests?.[from], from),
      row.stream === true,
      to,
    );
    const path = new Map(setHeaders).get(':path');
    const notes = warnings.map(({ param, message }) => `- \`${param}\`: ${message}\n`).join('');
    return `${path}\n\n${json(JSON.parse((body ?? '').toString()))}${notes === '' ? '' : `\n\n${notes}`}`.trim();
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    return `Refused for \`${thrown.param}\` (${thrown.kind}): ${thrown.message}`;
  }
}

/** Of the request that is answered: the case's own, else (also where the dialect has no words for it) one for a short text. */
function translation(
  row: GoldenCase,
  client: ClientDialect,
  provider: Dialect,
  stream: boolean,
): Translation {
  const own = row.requests?.[client] ?? NO_WORDS;
  const asked = own === NO_WORDS ? (stream ? streamedRequest : simpleText).requests : row.requests;
  const made = runRequest(
    client,
    said(asked?.[client], client),
    stream,
    provider as VendorDialect,
  ).translation;
  if (made === undefined) throw new Error('nothing is translated');
  return made;
}

const json = (value: unknown): string => `\`\`\`json\n${printJson(value)}\n\`\`\``;

/** Without the blank lines between events; what ends in none shows so. */
function showPiece(text: string): string {
  if (text === '') return '';
  return text.endsWith('\n\n') ? `${text.replaceAll('\n\n', '\n').trimEnd()}\n` : `${text} (unended)\n`;
}
