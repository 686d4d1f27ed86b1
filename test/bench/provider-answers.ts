// The fake provider's answers as bytes, so that the load generator knows how long a right one is.

const COMPLETION = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1,
  model: 'bench-model',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'A point is set before the train arrives. '.repeat(8) },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 200, completion_tokens: 80, total_tokens: 280 },
});

const EVENTS = 50;
/** About 150 bytes each, with the blank line. */
const EVENT = `data: ${JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'bench-model',
  choices: [{ index: 0, delta: { content: ' points' } }],
})}\n\n`;

export const PLAIN_BODY_BYTES: number = Buffer.byteLength(COMPLETION);
export const STREAM_BODY_BYTES: number = EVENTS * Buffer.byteLength(EVENT);

export const PLAIN_ANSWER: Buffer = jsonAnswer(COMPLETION);

/** Head and first event, the events between, the last event and the end: to be sent in as many writes, one each millisecond. */
export const STREAM_WRITES: readonly Buffer[] = Array.from({ length: EVENTS }, (_, index) => {
  const head =
    index === 0
      ? 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
      : '';
  const end = index === EVENTS - 1 ? '0\r\n\r\n' : '';
  return Buffer.from(`${head}${Buffer.byteLength(EVENT).toString(16)}\r\n${EVENT}\r\n${end}`);
});

export function jsonAnswer(body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
