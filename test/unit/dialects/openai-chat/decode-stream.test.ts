// A Chat stream as events: OpenAI's own, and what others who speak its dialect send.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import { CONTEXT } from './answers.ts';

function decode(...pieces: readonly (string | Uint8Array)[]): StreamEvent[] {
  const decoder = openaiChat.createStreamDecoder(CONTEXT);
  return [...pieces.flatMap((piece) => decoder.push(Buffer.from(piece))), ...decoder.finish()];
}

const data = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`;
const choice = (delta: object, finish: string | null = null, more: object = {}): string =>
  data({ id: 'c', model: 'm', created: 5, choices: [{ index: 0, delta, finish_reason: finish, ...more }] });
const DONE = 'data: [DONE]\n\n';
/** The events between the start and the end. */
const inner = (...chunks: readonly string[]): StreamEvent[] => decode(...chunks, DONE).slice(1, -1);
const at = (part: number) => ({ choice: 0, part });
const text = (part: number, words: string): StreamEvent[] => [
  { type: 'part-start', ...at(part), content: { type: 'text' } },
  { type: 'text-delta', ...at(part), text: words },
  { type: 'part-end', ...at(part) },
];
const callStart = (part: number, id: string, name: string): StreamEvent => ({
  type: 'part-start',
  ...at(part),
  content: { type: 'tool-call', id, name },
});
const json = (part: number, piece: string): StreamEvent => ({
  type: 'arguments-delta',
  ...at(part),
  json: piece,
});
const end = (part: number): StreamEvent => ({ type: 'part-end', ...at(part) });
const finish = (reason: 'stop' | 'tool-calls' | 'refusal'): StreamEvent => ({
  type: 'finish',
  choice: 0,
  reason,
});
const calls = (...tool_calls: object[]): string => choice({ tool_calls });

test('text, a usage chunk and the end', () => {
  const usage = data({ id: 'c', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } });
  expect(
    decode(
      choice({ role: 'assistant', content: '' }),
      choice({ content: 'a' }),
      choice({}, 'stop'),
      usage,
      DONE,
    ),
  ).toEqual([
    { type: 'start', id: 'c', model: 'm', created: 5 },
    ...text(0, 'a'),
    finish('stop'),
    { type: 'usage', usage: { input: 3, output: 2 } },
    { type: 'end' },
  ]);
});

describe('every split of the bytes gives the same events', () => {
  const stream = [
    ': a comment\r\n\r\n',
    choice({ reasoning: 'Hm' }).replaceAll('\n', '\r\n'),
    choice({ content: 'Grüß 😀' }),
    calls({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":"é"}' } }).replace('data: ', 'data:'),
    choice({}, 'tool_calls'),
    'data: [DONE]',
  ].join('');
  const bytes = Buffer.from(stream);
  const whole = decode(bytes);

  test('in two', () => {
    expect(whole.at(-1)).toEqual({ type: 'end' });
    expect(whole.some(({ type }) => type === 'error')).toBe(false);
    for (let split = 1; split < bytes.length; split += 1) {
      expect(decode(bytes.subarray(0, split), bytes.subarray(split)), `split at ${split}`).toEqual(whole);
    }
  });

  test('byte by byte', () => {
    expect(decode(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });
});

describe('tool calls', () => {
  test('interleaved by their indexes, one without arguments', () => {
    expect(
      inner(
        calls({ index: 0, id: 'a', function: { name: 'f', arguments: '' } }),
        calls({ index: 1, id: 'b', function: { name: 'g', arguments: '' } }),
        calls({ index: 1, function: { arguments: '{}' } }, { index: 0, function: { arguments: '{"x"' } }),
        calls({ index: 0, function: { arguments: ':1}' } }),
        calls({ index: 2, id: 'c', function: { name: 'h' } }),
        choice({}, 'tool_calls'),
      ),
    ).toEqual([
      callStart(0, 'a', 'f'),
      callStart(1, 'b', 'g'),
      json(1, '{}'),
      json(0, '{"x"'),
      json(0, ':1}'),
      callStart(2, 'c', 'h'),
      end(0),
      end(1),
      end(2),
      finish('tool-calls'),
    ]);
  });

  const two = [
    callStart(0, 'a', 'f'),
    json(0, '{"x":1}'),
    callStart(1, 'b', 'g'),
    json(1, '{}'),
    end(0),
    end(1),
    finish('tool-calls'),
  ];
  test.each<[string, string[]]>([
    [
      'whole, without an index',
      [
        calls({ id: 'a', function: { name: 'f', arguments: '{"x":1}' } }),
        calls({ id: 'b', function: { name: 'g', arguments: '{}' } }),
        choice({}, 'tool_calls'),
      ],
    ],
    [
      'whole, all with the index 0',
      [
        calls({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }),
        calls({ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }),
        choice({}, 'tool_calls'),
      ],
    ],
    [
      'whole, in the chunk that finishes, with the wrong reason and an empty text',
      [
        choice(
          {
            content: '',
            tool_calls: [
              { index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } },
              { index: 1, id: 'b', function: { name: 'g', arguments: '{}' } },
            ],
          },
          'stop',
        ),
      ],
    ],
  ])('%s', (_, chunks) => expect(inner(...chunks)).toEqual(two));

  test.each<[string, object]>([
    ['id and name repeated', { index: 0, id: 'a', function: { name: 'f', arguments: ':1}' } }],
    ['another id but no name', { index: 0, id: 'z', function: { arguments: ':1}' } }],
    ['an empty id and no index', { id: '', function: { name: '', arguments: ':1}' } }],
    ['the id alone', { id: 'a', function: { name: 'f', arguments: ':1}' } }],
  ])('pieces with %s', (_, more) => {
    const first = calls({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } });
    expect(inner(first, calls(more), choice({}, 'tool_calls'))).toEqual([
      callStart(0, 'a', 'f'),
      json(0, '{"x"'),
      json(0, ':1}'),
      end(0),
      finish('tool-calls'),
    ]);
  });

  test('an id is made where there is none, other than in other answers', () => {
    expect(inner(calls({ index: 0, function: { name: 'f' } }))[0]).toEqual(
      callStart(0, `call_${CONTEXT.seed}_0`, 'f'),
    );
  });

  test("Gemini's signature", () => {
    const signed = {
      index: 0,
      id: 'a',
      function: { name: 'f' },
      extra_content: { google: { thought_signature: 'S' } },
    };
    expect(inner(calls(signed), choice({}, 'tool_calls')).slice(1, 3)).toEqual([
      { type: 'signature', ...at(0), signature: { dialect: 'openai-chat', value: 'S' } },
      end(0),
    ]);
  });

  test('the older function_call', () => {
    expect(
      inner(
        choice({ function_call: { name: 'f', arguments: '{"x"' } }),
        choice({ function_call: { arguments: ':1}' } }),
        choice({}, 'function_call'),
      ),
    ).toEqual([
      callStart(0, `call_${CONTEXT.seed}_0`, 'f'),
      json(0, '{"x"'),
      json(0, ':1}'),
      end(0),
      finish('tool-calls'),
    ]);
  });
});

describe('reasoning', () => {
  const start = (part: number): StreamEvent => ({
    type: 'part-start',
    ...at(part),
    content: { type: 'reasoning' },
  });
  const delta = (part: number, words: string): StreamEvent => ({
    type: 'reasoning-delta',
    ...at(part),
    text: words,
  });
  const sign = (part: number, value: string): StreamEvent => ({
    type: 'signature',
    ...at(part),
    signature: { dialect: 'openai-chat', value },
  });

  test('in two places at once is said once; what is signed is complete; encrypted parts stand alone', () => {
    const detail = (more: object) => ({ reasoning_details: [{ type: 'reasoning.text', ...more }] });
    expect(
      inner(
        choice({ reasoning: 'a', ...detail({ text: 'a' }) }),
        choice(detail({ text: 'b' })),
        choice(detail({ signature: 'S' })),
        choice({ reasoning_content: 'c' }),
        choice({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'D' }] }),
        choice({ content: 'd' }, 'stop'),
      ),
    ).toEqual([
      start(0),
      delta(0, 'a'),
      delta(0, 'b'),
      sign(0, 'S'),
      end(0),
      start(1),
      delta(1, 'c'),
      end(1),
      { type: 'part-start', ...at(2), content: { type: 'reasoning', redacted: true } },
      sign(2, 'D'),
      end(2),
      ...text(3, 'd'),
      finish('stop'),
    ]);
  });

  test("in Mistral's lists", () => {
    const thinking = [{ type: 'thinking', thinking: [{ type: 'text', text: 'a' }] }];
    expect(inner(choice({ content: thinking }), choice({ content: 'b' }, 'stop'))).toEqual([
      start(0),
      delta(0, 'a'),
      end(0),
      ...text(1, 'b'),
      finish('stop'),
    ]);
  });
});

describe('what servers do', () => {
  test("Azure's first chunk tells of its filter alone", () => {
    const first = data({ id: '', model: '', created: 0, choices: [], prompt_filter_results: [] });
    const events = decode(first, choice({ content: 'a' }, 'stop'), DONE);
    expect(events[0]).toEqual({ type: 'start', id: 'c', model: 'm', created: 5 });
  });

  test('usage in every chunk: the latest counts', () => {
    const chunk = (output: number, finished: string | null) =>
      data({
        id: 'c',
        choices: [{ index: 0, delta: { content: 'a' }, finish_reason: finished }],
        usage: { prompt_tokens: 1, completion_tokens: output },
      });
    const counts = decode(chunk(1, null), chunk(2, 'stop'), DONE).filter(({ type }) => type === 'usage');
    expect(counts.at(-1)).toEqual({ type: 'usage', usage: { input: 1, output: 2 } });
  });

  test('no reason before [DONE]', () => {
    expect(inner(choice({ content: 'a' }))).toEqual([...text(0, 'a'), finish('stop')]);
  });

  test('no [DONE] after the reason', () => {
    expect(decode(choice({ content: 'a' }, 'stop')).slice(1)).toEqual([
      ...text(0, 'a'),
      finish('stop'),
      { type: 'end' },
    ]);
  });

  test('a keep-alive without data, and what follows the end', () => {
    expect(inner('data: \n\n', choice({ content: 'a' }, 'stop'), DONE, choice({ content: 'b' }))).toEqual([
      ...text(0, 'a'),
      finish('stop'),
    ]);
  });

  test('two choices in turns', () => {
    const chunk = (index: number, delta: object, reason: string | null = null) =>
      data({ choices: [{ index, delta, finish_reason: reason }] });
    const events = inner(
      chunk(0, { content: 'a' }),
      chunk(1, { content: 'b' }),
      chunk(1, {}, 'stop'),
      chunk(0, {}, 'length'),
    );
    expect(events.map((event) => [event.type, 'choice' in event ? event.choice : -1])).toEqual([
      ['part-start', 0],
      ['text-delta', 0],
      ['part-start', 1],
      ['text-delta', 1],
      ['part-end', 1],
      ['finish', 1],
      ['part-end', 0],
      ['finish', 0],
    ]);
  });
});

test('a refusal, log probabilities and citations', () => {
  const logprobs = { content: [{ token: 'a', logprob: -1, top_logprobs: [] }], refusal: null };
  const citation = { type: 'url_citation', url_citation: { url: 'https://a.test', title: 'A' } };
  expect(
    inner(
      choice({ content: 'a' }, null, { logprobs }),
      choice({ annotations: [citation] }),
      choice({ refusal: 'No' }),
      choice({}, 'stop'),
    ),
  ).toEqual([
    { type: 'part-start', ...at(0), content: { type: 'text' } },
    { type: 'text-delta', ...at(0), text: 'a' },
    { type: 'logprobs', choice: 0, logprobs: [{ token: 'a', logprob: -1, top: [] }] },
    { type: 'citation', ...at(0), citation: { url: 'https://a.test', title: 'A' } },
    end(0),
    { type: 'part-start', ...at(1), content: { type: 'refusal' } },
    { type: 'refusal-delta', ...at(1), text: 'No' },
    end(1),
    finish('refusal'),
  ]);
});

describe('a stream that fails', () => {
  const begun = choice({ content: 'a' });
  test.each<[string, string, object]>([
    [
      'with an error event',
      data({ error: { message: 'slow down', type: 'x', code: 'rate_limit_exceeded' } }),
      { kind: 'rate-limited', status: 429, message: 'slow down' },
    ],
    [
      'with a status as the code',
      data({ error: { message: 'gone', code: 503 } }),
      { kind: 'overloaded', status: 503 },
    ],
    [
      "in vLLM's older form",
      data({ object: 'error', message: 'bad', code: 400 }),
      { status: 400, message: 'bad' },
    ],
    ['with a named event', `event: error\n${data({ message: 'bad' })}`, { message: 'bad' }],
    ['with an event that is no JSON', 'data: {"id":\n\n', { kind: 'internal', status: 502 }],
    ['by ending', '', { kind: 'cut' }],
    ['by ending within an event', 'data: {"id":', { kind: 'cut' }],
  ])('%s', (_, last, error) => {
    const events = decode(begun, last);
    expect(events.slice(0, 3)).toEqual(decode(begun).slice(0, 3));
    expect(events.slice(3)).toMatchObject([{ type: 'error', error }, { type: 'end' }]);
  });

  test('keeps what came in the same bytes before the failure, and ends there', () => {
    const events = decode(`${begun}data: nonsense\n\n${choice({ content: 'b' })}${DONE}`);
    expect(events.map(({ type }) => type)).toEqual(['start', 'part-start', 'text-delta', 'error', 'end']);
  });
});
