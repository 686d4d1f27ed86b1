// The fake provider's answers as bytes, one plain and one streamed for each dialect, so that the load generator knows how
// long a right one is.

import type { ClientDialect } from '../../src/contract/dialect.ts';

const TEXT = 'A point is set before the train arrives. '.repeat(8);
const PIECE = ' points';
const PIECES = 50;

interface Wording {
  readonly plain: object;
  /** The events of a stream, of which PIECES are text; a name where the dialect names its events. */
  readonly events: readonly { readonly name?: string; readonly data: object | '[DONE]' }[];
}

const chunk = (delta: object, finish: string | null): object => ({
  id: 'chatcmpl-bench',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'bench-model',
  choices: [{ index: 0, delta, finish_reason: finish }],
});

const response = (status: string, output: object[]): object => ({
  id: 'resp_bench',
  object: 'response',
  created_at: 1,
  status,
  model: 'bench-model',
  output,
  usage: { input_tokens: 200, output_tokens: 80, total_tokens: 280 },
});

const item = (text: string): object => ({
  id: 'msg_bench',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});

const message = (content: object[], reason: string | null): object => ({
  id: 'msg_bench',
  type: 'message',
  role: 'assistant',
  model: 'bench-model',
  content,
  stop_reason: reason,
  stop_sequence: null,
  usage: { input_tokens: 200, output_tokens: 80 },
});

const generated = (text: string, isLast: boolean): object => ({
  candidates: [
    { index: 0, content: { role: 'model', parts: [{ text }] }, ...(isLast ? { finishReason: 'STOP' } : {}) },
  ],
  usageMetadata: { promptTokenCount: 200, candidatesTokenCount: 80, totalTokenCount: 280 },
  modelVersion: 'bench-model',
  responseId: 'bench',
});

const repeat = <T>(make: (index: number) => T): T[] =>
  Array.from({ length: PIECES }, (_, index) => make(index));
const named = (
  data: Readonly<Record<string, unknown>> & { readonly type: string },
): { name: string; data: object } => ({
  name: data.type,
  data,
});

const WORDINGS: Readonly<Record<ClientDialect, Wording>> = {
  'openai-chat': {
    plain: {
      id: 'chatcmpl-bench',
      object: 'chat.completion',
      created: 1,
      model: 'bench-model',
      choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 200, completion_tokens: 80, total_tokens: 280 },
    },
    events: [
      ...repeat(() => ({ data: chunk({ content: PIECE }, null) })),
      { data: chunk({}, 'stop') },
      { data: '[DONE]' },
    ],
  },
  'openai-responses': {
    plain: response('completed', [item(TEXT)]),
    events: [
      named({ type: 'response.created', sequence_number: 0, response: response('in_progress', []) }),
      named({ type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: item('') }),
      named({
        type: 'response.content_part.added',
        sequence_number: 2,
        item_id: 'msg_bench',
        output_index: 0,
        content_index: 0,
        part: { type: 'output_text', text: '', annotations: [] },
      }),
      ...repeat((index) =>
        named({
          type: 'response.output_text.delta',
          sequence_number: index + 3,
          item_id: 'msg_bench',
          output_index: 0,
          content_index: 0,
          delta: PIECE,
        }),
      ),
      named({
        type: 'response.output_item.done',
        sequence_number: PIECES + 3,
        output_index: 0,
        item: item(PIECE.repeat(PIECES)),
      }),
      named({
        type: 'response.completed',
        sequence_number: PIECES + 4,
        response: response('completed', [item(PIECE.repeat(PIECES))]),
      }),
    ],
  },
  'anthropic-messages': {
    plain: message([{ type: 'text', text: TEXT }], 'end_turn'),
    events: [
      named({ type: 'message_start', message: message([], null) }),
      named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      ...repeat(() =>
        named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: PIECE } }),
      ),
      named({ type: 'content_block_stop', index: 0 }),
      named({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 80 },
      }),
      named({ type: 'message_stop' }),
    ],
  },
  gemini: {
    plain: generated(TEXT, true),
    events: repeat((index) => ({ data: generated(PIECE, index === PIECES - 1) })),
  },
};

const linesOf = ({ name, data }: Wording['events'][number]): string => {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`;
};

/** By dialect: the whole answer, and the length of its body. */
export const PLAIN_ANSWERS: Readonly<Record<ClientDialect, { answer: Buffer; bytes: number }>> = perDialect(
  ({ plain }) => {
    const body = JSON.stringify(plain);
    return { answer: jsonAnswer(body), bytes: Buffer.byteLength(body) };
  },
);

/**
 * By dialect: head and first piece of text with whatever comes before it, then a piece a write, and the end with the last.
 * So every stream has as many writes, whatever its dialect has besides.
 */
export const STREAM_ANSWERS: Readonly<Record<ClientDialect, { writes: readonly Buffer[]; bytes: number }>> =
  perDialect(({ events }) => {
    const texts = events.map(linesOf);
    const first = texts.findIndex((text) => text.includes(PIECE));
    const parts = [
      texts.slice(0, first + 1).join(''),
      ...texts.slice(first + 1, first + PIECES - 1),
      texts.slice(first + PIECES - 1).join(''),
    ];
    const writes = parts.map((part, index) => {
      const head =
        index === 0
          ? 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
          : '';
      const end = index === parts.length - 1 ? '0\r\n\r\n' : '';
      return Buffer.from(`${head}${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n${end}`);
    });
    return { writes, bytes: parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0) };
  });

function perDialect<T>(make: (wording: Wording) => T): Readonly<Record<ClientDialect, T>> {
  const entries = Object.entries(WORDINGS).map(([dialect, wording]) => [dialect, make(wording)]);
  return Object.fromEntries(entries) as Record<ClientDialect, T>;
}

export function jsonAnswer(body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
