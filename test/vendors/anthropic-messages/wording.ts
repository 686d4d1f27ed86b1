// Replies as Anthropic's Messages word them. https://docs.claude.com/en/api/messages-streaming

import { argumentsOf, chunks, type Reply, type ReplyUsage, type Scene } from '../reply.ts';
import { SIGNATURES } from '../signatures.ts';
import { sseEvent, type VendorEvent } from '../vendor.ts';

const IDS = [
  'toolu_01A09q90qw90lq917835lq9',
  'toolu_01D7FLrfh4GYq7yT1ULFeyMV',
  'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
];

/** Cached tokens are counted beside the input, not in it. */
const inputOf = ({ input, cached }: ReplyUsage): object => ({
  input_tokens: input - cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cached,
});
const detailsOf = ({ reasoning }: ReplyUsage): object => ({
  output_tokens_details: reasoning === 0 ? null : { thinking_tokens: reasoning },
  server_tool_use: null,
});

const messageOf = (scene: Scene, usage: ReplyUsage, output: number, more: object): object => ({
  model: scene.model,
  id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
  type: 'message',
  role: 'assistant',
  content: [],
  container: null,
  diagnostics: null,
  stop_details: null,
  stop_reason: null,
  stop_sequence: null,
  ...more,
  usage: {
    ...inputOf(usage),
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    ...detailsOf(usage),
    service_tier: 'standard',
    inference_geo: 'global',
    speed: null,
  },
});

const stopOf = ({ calls, isCut }: Reply): string =>
  isCut ? 'max_tokens' : calls.length > 0 ? 'tool_use' : 'end_turn';

export function wordReply(reply: Reply, scene: Scene): object {
  const content = [
    ...(reply.reasoning === undefined
      ? []
      : [{ type: 'thinking', thinking: reply.reasoning, signature: SIGNATURES.anthropicMessages }]),
    ...(reply.text === undefined ? [] : [{ type: 'text', text: reply.text.join(''), citations: null }]),
    ...reply.calls.map((call, index) => ({
      type: 'tool_use',
      id: IDS[call.number ?? index],
      name: call.name,
      input: argumentsOf(call),
      caller: { type: 'direct' },
    })),
  ];
  return messageOf(scene, reply.usage, reply.usage.output, { content, stop_reason: stopOf(reply) });
}

export function streamReply(reply: Reply, scene: Scene): VendorEvent[] {
  const send = (type: string, more: object = {}): VendorEvent => sseEvent({ type, ...more }, type);
  let index = -1;
  const block = (start: object, deltas: readonly object[]): VendorEvent[] => {
    index += 1;
    return [
      send('content_block_start', { index, content_block: start }),
      ...(index === 0 ? [send('ping')] : []),
      ...deltas.map((delta) => send('content_block_delta', { index, delta })),
      send('content_block_stop', { index }),
    ];
  };
  const thinking = chunks(reply.reasoning ?? '').map((text) => ({ type: 'thinking_delta', thinking: text }));
  const signature = { type: 'signature_delta', signature: SIGNATURES.anthropicMessages };
  return [
    send('message_start', { message: messageOf(scene, reply.usage, 1, {}) }),
    ...(reply.reasoning === undefined
      ? []
      : block({ type: 'thinking', thinking: '', signature: '' }, [...thinking, signature])),
    ...(reply.text === undefined
      ? []
      : block(
          { type: 'text', text: '', citations: null },
          reply.text.map((text) => ({ type: 'text_delta', text })),
        )),
    ...reply.calls.flatMap(({ name, number, pieces }, order) =>
      block(
        { type: 'tool_use', id: IDS[number ?? order], name, input: {}, caller: { type: 'direct' } },
        // The vendor begins with an empty piece, and for a call without arguments sends no other.
        ['', ...pieces].map((partial) => ({ type: 'input_json_delta', partial_json: partial })),
      ),
    ),
    send('message_delta', {
      delta: { stop_reason: stopOf(reply), stop_sequence: null, stop_details: null, container: null },
      usage: { ...inputOf(reply.usage), output_tokens: reply.usage.output, ...detailsOf(reply.usage) },
    }),
    send('message_stop'),
  ];
}
