// Replies as OpenAI's Chat Completions words them. https://platform.openai.com/docs/api-reference/chat

import { type Call, chunks, inputOf, type Reply, type ReplyUsage, type Scene } from '../reply.ts';
import { sseEvent, type VendorEvent } from '../vendor.ts';

const IDS = ['call_9xKqT2mWv0Zr4LdP', 'call_7pLdR4nYc1Hs8BqW', 'call_3fGjK6tVb5Xe2MnA'];

const head = (scene: Scene, object: string): object => ({
  id: 'chatcmpl-BqL5yF2Zc8tVnWm4KdRs',
  object,
  created: 1_763_888_400,
  model: `${scene.model}-2025-11-13`,
  service_tier: 'default',
  system_fingerprint: 'fp_a288987b44',
});

const usageOf = ({ input, cached, output, reasoning }: ReplyUsage): object => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: reasoning,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
});

const finishOf = ({ calls, isCut }: Reply): string =>
  isCut ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';

export function wordReply(reply: Reply, scene: Scene): object {
  const calls = reply.calls.map((call, index) => ({
    id: IDS[call.number ?? index],
    ...wordCall(call, call.isCustom === true ? inputOf(call) : call.pieces.join('') || '{}'),
  }));
  const message = {
    role: 'assistant',
    content: reply.text?.join('') ?? null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    refusal: null,
    annotations: [],
  };
  return {
    ...head(scene, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(reply) }],
    usage: usageOf(reply.usage),
  };
}

function wordCall({ name, isCustom }: Call, text: string): object {
  return isCustom === true
    ? { type: 'custom', custom: { name, input: text } }
    : { type: 'function', function: { name, arguments: text } };
}

/** Parallel calls arrive with their pieces interleaved: the index alone says whose they are. */
export function streamReply(reply: Reply, scene: Scene): VendorEvent[] {
  const counts = scene.countsTokens ? { usage: null } : {};
  const chunk = (delta: object, finish: string | null = null): VendorEvent =>
    sseEvent({
      ...head(scene, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...counts,
    });
  const said = reply.calls.map((call) => (call.isCustom === true ? chunks(inputOf(call)) : call.pieces));
  const most = Math.max(0, ...said.map(({ length }) => length));
  const rounds = Array.from({ length: most }, (_, round) =>
    reply.calls.flatMap(({ isCustom }, index) => {
      const piece = said[index]?.[round];
      if (piece === undefined) return [];
      const delta = isCustom === true ? { custom: { input: piece } } : { function: { arguments: piece } };
      return [chunk({ tool_calls: [{ index, ...delta }] })];
    }),
  );
  return [
    chunk({ role: 'assistant', content: reply.text === undefined ? null : '', refusal: null }),
    ...(reply.text ?? []).map((content) => chunk({ content })),
    ...reply.calls.map((call, index) =>
      chunk({ tool_calls: [{ index, id: IDS[call.number ?? index], ...wordCall(call, '') }] }),
    ),
    ...rounds.flat(),
    chunk({}, finishOf(reply)),
    ...(scene.countsTokens
      ? [
          sseEvent({
            ...head(scene, 'chat.completion.chunk'),
            choices: [],
            usage: usageOf(reply.usage),
          }),
        ]
      : []),
    { bytes: Buffer.from('data: [DONE]\n\n') },
  ];
}
