// Replies as OpenAI's Responses word them. https://platform.openai.com/docs/api-reference/responses-streaming

import { type Call, chunks, inputOf, type Reply, type ReplyUsage, type Scene } from '../reply.ts';
import { SIGNATURES } from '../signatures.ts';
import { sseEvent, type VendorEvent } from '../vendor.ts';

const IDS = ['call_9xKqT2mWv0Zr4LdP', 'call_7pLdR4nYc1Hs8BqW', 'call_3fGjK6tVb5Xe2MnA'];
const TAIL = '68a1c0de5f7c8191b3e2';

const usageOf = ({ input, cached, output, reasoning }: ReplyUsage): object => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
});

function responseOf(scene: Scene, more: object): object {
  return {
    id: `resp_${TAIL}`,
    object: 'response',
    created_at: 1_763_888_400,
    status: 'in_progress',
    access_programs: null,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model: `${scene.model}-2025-11-13`,
    output: [],
    parallel_tool_calls: !scene.oneCall,
    previous_response_id: null,
    reasoning: { effort: scene.thinks ? 'low' : 'none', summary: null },
    service_tier: 'default',
    store: true,
    temperature: 1,
    text: { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: null,
    metadata: {},
    ...more,
  };
}

const reasoningItem = (text: string, { signsThoughts }: Scene): object => ({
  id: `rs_${TAIL}`,
  type: 'reasoning',
  summary: text === '' ? [] : [{ type: 'summary_text', text }],
  ...(signsThoughts ? { encrypted_content: SIGNATURES.openaiResponses } : {}),
});
const textPart = (text: string): object => ({ type: 'output_text', annotations: [], logprobs: [], text });
const messageItem = (status: string, ...content: object[]): object => ({
  id: `msg_${TAIL}`,
  type: 'message',
  status,
  content,
  role: 'assistant',
});
const callItem = (index: number, status: string, name: string, text: string): object => ({
  id: `fc_${TAIL}${index}`,
  type: 'function_call',
  status,
  arguments: text,
  call_id: IDS[index],
  name,
});

const customItem = (index: number, status: string, name: string, input: string): object => ({
  id: `ctc_${TAIL}${index}`,
  type: 'custom_tool_call',
  status,
  call_id: IDS[index],
  input,
  name,
});

const statusOf = ({ isCut }: Reply): string => (isCut ? 'incomplete' : 'completed');

function outputOf(reply: Reply, scene: Scene): object[] {
  return [
    ...(reply.reasoning === undefined ? [] : [reasoningItem(reply.reasoning, scene)]),
    ...(reply.text === undefined ? [] : [messageItem(statusOf(reply), textPart(reply.text.join('')))]),
    ...reply.calls.map((call, index) => {
      const { name, number = index, pieces, isCustom } = call;
      return isCustom === true
        ? customItem(number, 'completed', name, inputOf(call))
        : callItem(number, 'completed', name, pieces.join('') || '{}');
    }),
  ];
}

const finished = (reply: Reply, scene: Scene): object =>
  responseOf(scene, {
    status: statusOf(reply),
    incomplete_details: reply.isCut ? { reason: 'max_output_tokens' } : null,
    output: outputOf(reply, scene),
    usage: usageOf(reply.usage),
  });

export function wordReply(reply: Reply, scene: Scene): object {
  return finished(reply, scene);
}

export function streamReply(reply: Reply, scene: Scene): VendorEvent[] {
  const events: VendorEvent[] = [];
  const send = (type: string, more: object): void => {
    const value = { type: `response.${type}`, sequence_number: events.length, ...more };
    events.push(sseEvent(value, value.type));
  };
  send('created', { response: responseOf(scene, {}) });
  send('in_progress', { response: responseOf(scene, {}) });
  let output_index = 0;
  if (reply.reasoning !== undefined) {
    const at = { item_id: `rs_${TAIL}`, output_index, summary_index: 0 };
    send('output_item.added', { output_index, item: reasoningItem('', scene) });
    if (reply.reasoning !== '') {
      send('reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } });
      for (const delta of chunks(reply.reasoning)) send('reasoning_summary_text.delta', { ...at, delta });
      send('reasoning_summary_text.done', { ...at, text: reply.reasoning });
      send('reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text: reply.reasoning } });
    }
    send('output_item.done', { output_index, item: reasoningItem(reply.reasoning, scene) });
    output_index += 1;
  }
  if (reply.text !== undefined) {
    const text = reply.text.join('');
    const at = { item_id: `msg_${TAIL}`, output_index, content_index: 0 };
    send('output_item.added', { output_index, item: messageItem('in_progress') });
    send('content_part.added', { ...at, part: textPart('') });
    for (const delta of reply.text) send('output_text.delta', { ...at, delta, logprobs: [] });
    send('output_text.done', { ...at, text, logprobs: [] });
    send('content_part.done', { ...at, part: textPart(text) });
    send('output_item.done', { output_index, item: messageItem(statusOf(reply), textPart(text)) });
    output_index += 1;
  }
  const sendCustom = (call: Call, index: number): void => {
    const { name } = call;
    const input = inputOf(call);
    const at = { item_id: `ctc_${TAIL}${index}`, output_index };
    send('output_item.added', { output_index, item: customItem(index, 'in_progress', name, '') });
    for (const delta of chunks(input)) send('custom_tool_call_input.delta', { ...at, delta });
    send('custom_tool_call_input.done', { ...at, input });
    send('output_item.done', { output_index, item: customItem(index, 'completed', name, input) });
    output_index += 1;
  };
  for (const [order, call] of reply.calls.entries()) {
    const { name, number, pieces, isCustom } = call;
    const index = number ?? order;
    if (isCustom === true) {
      sendCustom(call, index);
      continue;
    }
    const whole = pieces.join('') || '{}';
    const at = { item_id: `fc_${TAIL}${index}`, output_index };
    send('output_item.added', { output_index, item: callItem(index, 'in_progress', name, '') });
    for (const delta of pieces.length === 0 ? ['{}'] : pieces)
      send('function_call_arguments.delta', { ...at, delta });
    send('function_call_arguments.done', { ...at, arguments: whole });
    send('output_item.done', { output_index, item: callItem(index, 'completed', name, whole) });
    output_index += 1;
  }
  send(statusOf(reply), { response: finished(reply, scene) });
  return events;
}
