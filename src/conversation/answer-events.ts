// A whole answer as the events of a stream, for a provider that did not stream where the client asked for it.

import type { Answer } from './answer.ts';
import type { Part } from './part.ts';
import type { PartStart, StreamEvent } from './stream-event.ts';

export function answerEvents(answer: Answer): StreamEvent[] {
  const { id, model, created, serviceTier, vendor } = answer;
  const events: StreamEvent[] = [
    {
      type: 'start',
      ...(id === undefined ? {} : { id }),
      ...(model === undefined ? {} : { model }),
      ...(created === undefined ? {} : { created }),
      ...(serviceTier === undefined ? {} : { serviceTier }),
      ...(vendor === undefined ? {} : { vendor }),
    },
  ];
  let part = 0;
  for (const [choice, { parts, finishReason, stopSequence, logprobs }] of answer.choices.entries()) {
    for (const content of parts) {
      const start = startOf(content);
      if (start === undefined) continue;
      events.push({ type: 'part-start', choice, part, content: start });
      events.push(...deltasOf(content, choice, part), { type: 'part-end', choice, part });
      part += 1;
    }
    if (logprobs !== undefined) events.push({ type: 'logprobs', choice, logprobs });
    events.push({
      type: 'finish',
      choice,
      reason: finishReason,
      ...(stopSequence === undefined ? {} : { stopSequence }),
    });
  }
  if (answer.usage !== undefined) events.push({ type: 'usage', usage: answer.usage });
  events.push({ type: 'end' });
  return events;
}

/** Undefined for parts that streams do not carry. */
function startOf(part: Part): PartStart | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { type: part.type };
    case 'reasoning':
      return {
        type: 'reasoning',
        ...(part.id === undefined ? {} : { id: part.id }),
        ...(part.redacted === undefined ? {} : { redacted: part.redacted }),
      };
    case 'tool-call':
      return { type: 'tool-call', id: part.id, name: part.name };
    default:
      return undefined;
  }
}

function deltasOf(content: Part, choice: number, part: number): StreamEvent[] {
  const at = { choice, part } as const;
  switch (content.type) {
    case 'text': {
      const citations = content.citations ?? [];
      return [
        { type: 'text-delta', ...at, text: content.text },
        ...citations.map((citation): StreamEvent => ({ type: 'citation', ...at, citation })),
      ];
    }
    case 'refusal':
      return [{ type: 'refusal-delta', ...at, text: content.text }];
    case 'reasoning':
    case 'tool-call': {
      const { signature } = content;
      const signed: StreamEvent[] = signature === undefined ? [] : [{ type: 'signature', ...at, signature }];
      if (content.type === 'tool-call') {
        return [{ type: 'arguments-delta', ...at, json: content.arguments }, ...signed];
      }
      return content.text === ''
        ? signed
        : [{ type: 'reasoning-delta', ...at, text: content.text }, ...signed];
    }
    default:
      return [];
  }
}
