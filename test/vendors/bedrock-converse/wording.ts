// Replies as Bedrock's Converse and ConverseStream word them.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html

import { argumentsOf, chunks, type Reply, type ReplyUsage } from '../reply.ts';
import { SIGNATURES } from '../signatures.ts';
import type { VendorEvent } from '../vendor.ts';
import { encodeFrame } from './event-stream.ts';

const IDS = [
  'tooluse_kZJMlvQmRJ6eAyJE5GIl7Q',
  'tooluse_hbTgdi0CSLq_hM4P8csZJA',
  'tooluse_Qm2xV7nYT0Wd5LcRb8KfPg',
];

/** Cached tokens are counted beside the input. */
const usageOf = ({ input, cached, output }: ReplyUsage): object => ({
  inputTokens: input - cached,
  outputTokens: output,
  totalTokens: input + output,
  cacheReadInputTokens: cached,
  cacheWriteInputTokens: 0,
});

const stopOf = ({ calls, isCut }: Reply): string =>
  isCut ? 'max_tokens' : calls.length > 0 ? 'tool_use' : 'end_turn';

export function wordReply(reply: Reply): object {
  const content = [
    ...(reply.reasoning === undefined
      ? []
      : [
          {
            reasoningContent: {
              reasoningText: { text: reply.reasoning, signature: SIGNATURES.bedrockConverse },
            },
          },
        ]),
    ...(reply.text === undefined ? [] : [{ text: reply.text.join('') }]),
    ...reply.calls.map((call, index) => ({
      toolUse: { toolUseId: IDS[call.number ?? index], name: call.name, input: argumentsOf(call) },
    })),
  ];
  return {
    metrics: { latencyMs: 1275 },
    output: { message: { content, role: 'assistant' } },
    stopReason: stopOf(reply),
    usage: usageOf(reply.usage),
  };
}

/** Text blocks have no start event; every payload is padded with a member `p` that means nothing. */
export function streamReply(reply: Reply): VendorEvent[] {
  let contentBlockIndex = -1;
  const block = (start: object | undefined, deltas: readonly object[]): VendorEvent[] => {
    contentBlockIndex += 1;
    const at = { contentBlockIndex };
    return [
      ...(start === undefined ? [] : [eventFrame('contentBlockStart', { ...at, start })]),
      ...deltas.map((delta) => eventFrame('contentBlockDelta', { ...at, delta })),
      eventFrame('contentBlockStop', at),
    ];
  };
  const thoughts = chunks(reply.reasoning ?? '').map((text) => ({ reasoningContent: { text } }));
  const signature = { reasoningContent: { signature: SIGNATURES.bedrockConverse } };
  return [
    eventFrame('messageStart', { role: 'assistant' }),
    ...(reply.reasoning === undefined ? [] : block(undefined, [...thoughts, signature])),
    ...(reply.text === undefined
      ? []
      : block(
          undefined,
          reply.text.map((text) => ({ text })),
        )),
    ...reply.calls.flatMap(({ name, number, pieces }, index) =>
      block(
        { toolUse: { toolUseId: IDS[number ?? index], name } },
        ['', ...pieces].map((input) => ({ toolUse: { input } })),
      ),
    ),
    eventFrame('messageStop', { stopReason: stopOf(reply) }),
    eventFrame('metadata', { metrics: { latencyMs: 1275 }, usage: usageOf(reply.usage) }),
  ];
}

function eventFrame(type: string, value: object): VendorEvent {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return {
    bytes: encodeFrame(headers, JSON.stringify({ ...value, p: 'abcdefghijk' })),
    value: { [type]: value },
  };
}
