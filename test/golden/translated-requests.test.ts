// What holds for every translated request of the golden table, whatever it says.

import { describe, expect, test } from 'vitest';
import type { OutgoingRequest } from '../../src/plan/outgoing-request.ts';
import type { VendorDialect } from '../vendors/vendor.ts';
import { CASES } from './all-cases.ts';
import { chat, messages, responses, user } from './dialect-bodies.ts';
import { type Cell, type ClientDialect, type GoldenCase, nameOf } from './golden-case.ts';
import { cellsOf, outcomeOf, said } from './outcomes.ts';
import { runRequest } from './run-cell.ts';

const CELLS = CASES.flatMap((row) =>
  cellsOf(row)
    .filter((cell) => cell.kind === 'request' && !outcomeOf(row, cell).startsWith('Refused'))
    .map((cell) => [`${row.name}: ${nameOf(cell)}`, row, cell] as const),
);

function run({ requests, stream }: GoldenCase, { from, to }: Cell): OutgoingRequest {
  const client = from as ClientDialect;
  return runRequest(client, said(requests?.[client], client), stream === true, to as VendorDialect);
}

/** The names of all tools, in the order in which they stand. */
const toolNames = (body: string): string[] =>
  [...body.matchAll(/"name":"(get_weather|ask|count)"/g)].map(([, name = '']) => name);

describe.each(CELLS)('%s', (_, row, cell) => {
  const { body, setHeaders } = run(row, cell);
  const headers = new Map(setHeaders);

  test('says its length, and asks for an answer that can be read', () => {
    expect(headers.get('content-length')).toBe(`${body?.length}`);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('accept-encoding')).toBe('identity');
    expect(headers.has('transfer-encoding')).toBe(false);
  });

  test('is the same bytes each time, with its tools in the client’s order', () => {
    const again = run(row, cell).body;
    expect(body?.equals(again ?? Buffer.alloc(0))).toBe(true);
    const { tools, toolConfig } = Object(JSON.parse((body ?? '').toString())) as Record<string, unknown>;
    const offered = JSON.stringify(tools ?? Object(toolConfig)['tools'] ?? []);
    const given = JSON.stringify(Object(row.requests?.[cell.from as ClientDialect])['tools'] ?? []);
    // Where nothing may be called and the vendor has no word for that, nothing is offered.
    if (row.name !== 'no-tool-choice') expect(toolNames(offered)).toEqual(toolNames(given));
  });
});

const BIG = '{"id":12345678901234567890,"rate":1.10}';

/** JSON text stays text between those that carry it so; Anthropic, Google and AWS take an object. */
describe('numbers in the arguments of a call keep their digits', () => {
  const tools = [
    { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } },
  ];
  const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: BIG } };
  const asked = chat(
    [
      user('Go'),
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'x' },
    ],
    { tools },
  );
  const item = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: BIG };
  const asked2 = responses([
    user('Go'),
    item,
    { type: 'function_call_output', call_id: 'call_1', output: 'x' },
  ]);

  test.each<[ClientDialect, object, VendorDialect]>([
    ['openai-chat', asked, 'openai-responses'],
    ['openai-responses', asked2, 'openai-chat'],
  ])('from %s', (client, body, provider) => {
    const sent = runRequest(client, body, false, provider).body?.toString();
    expect(sent).toContain(JSON.stringify(BIG));
  });

  test('and in a body that passes', () => {
    const body = messages([user('Go')], { metadata: { user_id: 'u' }, max_tokens: 7 });
    const text = JSON.stringify(body).replace(
      '"max_tokens":7',
      '"max_tokens":7.0e0,"big":12345678901234567890',
    );
    const sent = runRequest('anthropic-messages', Buffer.from(text), false, 'anthropic-messages').body;
    expect(sent?.toString()).toContain('"max_tokens":7.0e0,"big":12345678901234567890');
  });
});
