// Custom tools and their calls, as both of OpenAI's dialects write them. Used by their round trips.

import fc from 'fast-check';
import { wrapInput } from '../../src/conversation/custom-input.ts';
import type { ToolCallPart } from '../../src/conversation/part.ts';
import type { StreamEvent } from '../../src/conversation/stream-event.ts';
import type { JsonObject, JsonValue } from '../../src/json/json-value.ts';

/** Of the one custom tool that has calls; no function's. */
export const CUSTOM_NAME = 'c_d';

type Body = fc.Arbitrary<JsonObject>;

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const input = fc.oneof(fc.string({ unit: 'binary' }), fc.json());
const GRAMMAR = { syntax: 'regex', definition: 'a+' };

function some(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) {
  const requiredKeys = Object.keys(required);
  return fc.record({ ...required, ...optional }, { requiredKeys, noNullPrototype: true }) as Body;
}

export const responsesCustomCall: Body = some(
  {
    type: fc.constant('custom_tool_call'),
    call_id: word.map((id) => `c_${id}`),
    name: fc.constant(CUSTOM_NAME),
    input,
  },
  { namespace: word },
);

export function responsesResultOf({ call_id }: JsonObject): JsonObject {
  return { type: 'custom_tool_call_output', call_id: call_id ?? null, output: 'done' };
}

export const responsesCustomTool: Body = some(
  { type: fc.constant('custom'), name: fc.constantFrom('c', CUSTOM_NAME) },
  {
    description: fc.string(),
    format: fc.constant({ type: 'grammar', ...GRAMMAR }),
    defer_loading: fc.constant(true),
  },
);

export const chatCustomCall: Body = some({
  id: word,
  type: fc.constant('custom'),
  custom: some({ name: fc.constant(CUSTOM_NAME), input }),
});

const chatCustomTool: Body = some({
  type: fc.constant('custom'),
  custom: some(
    { name: fc.constant(CUSTOM_NAME) },
    { description: fc.string(), format: fc.constant({ type: 'grammar', grammar: GRAMMAR }) },
  ),
});

/** Of OpenAI, whose models alone know custom tools. */
export const KNOWS_CUSTOM = 'gpt-5';

/** A function beside the custom tool, and calls of both. */
export const chatCustomRequest: Body = some(
  {
    model: fc.constant(KNOWS_CUSTOM),
    messages: fc
      .array(
        fc.oneof(
          chatCustomCall,
          some({
            id: word,
            type: fc.constant('function'),
            function: some({ name: word, arguments: fc.json().map((value) => `{"v": ${value}}`) }),
          }),
        ),
        { minLength: 1 },
      )
      .map((tool_calls) => [{ role: 'assistant', content: null, tool_calls }]),
    tools: fc.tuple(fc.constant({ type: 'function', function: { name: 'f' } }), chatCustomTool),
  },
  {
    tool_choice: fc.constantFrom<JsonValue>('auto', { type: 'custom', custom: { name: CUSTOM_NAME } }),
  },
);

/** In neutral terms. */
export const customCallPart: fc.Arbitrary<ToolCallPart> = fc.record({
  type: fc.constant('tool-call'),
  id: word,
  name: fc.constant(CUSTOM_NAME),
  arguments: input.map(wrapInput),
});

/** The text of a custom tool comes in pieces of its own: those of one call as one, in the first one's place. */
export function joinArguments(events: readonly StreamEvent[]): StreamEvent[] {
  const whole: StreamEvent[] = [];
  const places = new Map<number, number>();
  for (const event of events) {
    const place = event.type === 'arguments-delta' ? places.get(event.part) : undefined;
    const before = whole[place ?? -1];
    if (place !== undefined && event.type === 'arguments-delta' && before?.type === event.type) {
      whole[place] = { ...before, json: before.json + event.json };
      continue;
    }
    if (event.type === 'arguments-delta') places.set(event.part, whole.length);
    whole.push(event);
  }
  return whole;
}
