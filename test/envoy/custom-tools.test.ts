// A coding agent with custom tools of the Responses API and a model of Anthropic's: the official SDK through a real Envoy to
// a vendor that knows functions only.

import type {
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
  Tool,
} from 'openai/resources/responses/responses';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { anthropicMessages } from '../vendors/anthropic-messages/index.ts';
import { type FakeVendor, startFakeVendor } from '../vendors/fake-vendor.ts';
import { PATCH_TEXT, RESULT_TEXT } from '../vendors/reply.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { listener } from './support/vendors.ts';

const MODEL = `anthropic/${anthropicMessages.model}`;
const GRAMMAR = { syntax: 'lark', definition: 'start: "*** Begin Patch" LF' } as const;
const TOOLS: Tool[] = [
  { type: 'custom', name: 'apply_patch', description: 'Edits.', format: { type: 'grammar', ...GRAMMAR } },
];
const ASKED = {
  model: MODEL,
  input: 'Add a file about Paris.',
  tools: TOOLS,
  store: false,
} satisfies ResponseCreateParamsNonStreaming;

let vendor: FakeVendor;
let pointsman: RunningPointsman;

beforeAll(async () => {
  vendor = await startFakeVendor(anthropicMessages, {
    key: KEYS.anthropic,
    foreign: [KEYS.caller, KEYS.openai],
  });
  pointsman = await startPointsman({
    config: {
      listeners: listener({ max_retries: 0 }),
      model_providers: [{ model: MODEL, base_url: vendor.url, access_key: '$ANTHROPIC_API_KEY' }],
      routing: { engine: 'none' },
    },
  });
}, 60_000);

afterEach(() => {
  const violations = [...vendor.violations];
  vendor.reset();
  expect(violations).toEqual([]);
});

afterAll(async () => {
  await pointsman.stop();
  await vendor.close();
});

test('a custom tool is called with text, and what it gave is answered', async () => {
  const { data, response } = await pointsman.openai.responses.create(ASKED).withResponse();
  const call = data.output.find((item) => item.type === 'custom_tool_call');
  if (call === undefined) throw new Error('no call of a custom tool');
  expect(call).toMatchObject({ name: 'apply_patch', input: PATCH_TEXT });
  expect(call.id).toMatch(/^ctc_/);
  expect(response.headers.get('x-pointsman-warnings')).toBe(
    'tools[0].format: the grammar of the tool apply_patch is only described to the model, not enforced',
  );

  const input: ResponseInputItem[] = [
    { role: 'user', content: 'Add a file about Paris.' },
    call,
    { type: 'custom_tool_call_output', call_id: call.call_id, output: 'Done.' },
  ];
  const second = await pointsman.openai.responses.create({ ...ASKED, input });
  expect(second.output_text).toBe(RESULT_TEXT);
  const [first, last] = vendor.requests.map(({ body }) => body);
  expect(first.tools).toEqual([
    {
      name: 'apply_patch',
      description: 'Edits.',
      input_schema: {
        type: 'object',
        properties: { input: { type: 'string', description: expect.stringContaining(GRAMMAR.definition) } },
        required: ['input'],
      },
    },
  ]);
  expect(last.messages.slice(1)).toEqual([
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: call.call_id, name: 'apply_patch', input: { input: PATCH_TEXT } }],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: call.call_id, content: [{ type: 'text', text: 'Done.' }] },
      ],
    },
  ]);
});

test('streamed, its text arrives piece by piece', async () => {
  const stream = pointsman.openai.responses.stream({
    ...ASKED,
    tool_choice: { type: 'custom', name: 'apply_patch' },
  });
  const pieces: string[] = [];
  const ids = new Set<string | undefined>();
  let whole: string | undefined;
  for await (const event of stream) {
    if (event.type === 'response.custom_tool_call_input.delta') {
      pieces.push(event.delta);
      ids.add(event.item_id);
    } else if (event.type === 'response.custom_tool_call_input.done') {
      whole = event.input;
    } else if (event.type === 'response.output_item.done') {
      ids.add(event.item.id ?? undefined);
    }
  }
  expect(pieces.join('')).toBe(PATCH_TEXT);
  expect(pieces.length).toBeGreaterThan(3);
  expect(whole).toBe(PATCH_TEXT);
  expect(ids.size).toBe(1);
  const { output } = await stream.finalResponse();
  expect(output).toMatchObject([{ type: 'custom_tool_call', name: 'apply_patch', input: PATCH_TEXT }]);
  expect(vendor.requests[0]?.body.tool_choice).toEqual({ type: 'tool', name: 'apply_patch' });
});
