// What the tests of this dialect share: frozen inputs, a context, streams as bytes and as events.

import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import type { AnswerContext } from '../../../../src/dialects/answer-context.ts';
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';

export const SEED: string = '0123456789abcdef01234567';

export const CONTEXT: AnswerContext = {
  seed: SEED,
  created: 1_700_000_000,
  model: 'm',
  stream: true,
  memo: {},
};

/** Whoever changes its input fails. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member);
    Object.freeze(value);
  }
  return value;
}

/** As the vendor writes it. */
export function sse(events: readonly JsonObject[]): string {
  return events
    .map((event, index) => {
      const data = JSON.stringify({ sequence_number: index, ...event });
      return `event: ${event['type']}\ndata: ${data}\n\n`;
    })
    .join('');
}

export function decodeStream(pieces: readonly Uint8Array[]): StreamEvent[] {
  const decoder = openaiResponses.createStreamDecoder(CONTEXT);
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.finish()];
}

export function encodeStream(events: readonly StreamEvent[], context: AnswerContext = CONTEXT): string {
  const encoder = openaiResponses.createStreamEncoder(context);
  return events.map((event) => encoder.push(frozen(event))).join('');
}

export function eventsOf(text: string): JsonObject[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [name, data] = block.split('\n');
      const event = JSON.parse(data?.slice('data: '.length) ?? '') as JsonObject;
      if (name !== `event: ${event['type']}`) throw new Error(`${name} is not the event's type`);
      return event;
    });
}
