// Tools: what is offered, what may or must be called, and how calls and their results come back.

import { chat, content, gemini, messages, responses, user } from '../dialect-bodies.ts';
import type { GoldenCase } from '../golden-case.ts';
import { PNG } from './media.ts';

const ASKED = 'What is the weather in Paris and London?';
const DESCRIPTION = 'The weather now.';
/** Not in the alphabet's order, which must not change. */
const SCHEMA = {
  type: 'object',
  properties: {
    city: { type: 'string', description: 'Its name' },
    at: { type: ['string', 'null'], enum: ['now', 'noon', null] },
  },
  required: ['city'],
};

const CHAT_TOOLS = [
  {
    type: 'function',
    function: { name: 'get_weather', description: DESCRIPTION, parameters: SCHEMA },
  },
  { type: 'function', function: { name: 'ask' } },
];
const RESPONSES_TOOLS = [
  { type: 'function', name: 'get_weather', description: DESCRIPTION, parameters: SCHEMA, strict: false },
  { type: 'function', name: 'ask', parameters: null, strict: false },
];
const MESSAGES_TOOLS = [
  { name: 'get_weather', description: DESCRIPTION, input_schema: SCHEMA },
  { name: 'ask', input_schema: { type: 'object' } },
];
const GEMINI_TOOLS = [
  {
    functionDeclarations: [
      { name: 'get_weather', description: DESCRIPTION, parametersJsonSchema: SCHEMA },
      { name: 'ask' },
    ],
  },
];

type Requests = Required<GoldenCase>['requests'];

interface Call {
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly json: string;
}
const PARIS: Call = { id: 'call_1', name: 'get_weather', json: '{"city":"Paris","at":"now"}' };
const LONDON: Call = { id: 'call_2', name: 'get_weather', json: '{"city":"London"}' };
const ASK: Call = { id: 'call_3', name: 'ask', json: '{}' };

/** What a tool gave, in each dialect's place for it. */
interface Results {
  readonly chat: readonly object[];
  readonly responses: readonly object[];
  readonly messages: readonly object[];
  readonly gemini: readonly object[];
}

function history(calls: readonly Call[], text: string | undefined, results: Results): Requests {
  const before = text === undefined ? [] : [text];
  return {
    'openai-chat': chat(
      [
        user(ASKED),
        {
          role: 'assistant',
          content: text ?? null,
          tool_calls: calls.map(({ id, name, json }) => ({
            id,
            type: 'function',
            function: { name, arguments: json },
          })),
        },
        ...results.chat,
      ],
      { tools: CHAT_TOOLS },
    ),
    'openai-responses': responses(
      [
        user(ASKED),
        ...before.map((said) => ({ role: 'assistant', content: said })),
        ...calls.map(({ id, name, json }) => ({
          type: 'function_call',
          call_id: id,
          name,
          arguments: json,
        })),
        ...results.responses,
      ],
      { tools: RESPONSES_TOOLS },
    ),
    'anthropic-messages': messages(
      [
        user(ASKED),
        {
          role: 'assistant',
          content: [
            ...before.map((said) => ({ type: 'text', text: said })),
            ...calls.map(({ id, name, json }) => ({ type: 'tool_use', id, name, input: JSON.parse(json) })),
          ],
        },
        { role: 'user', content: results.messages },
      ],
      { tools: MESSAGES_TOOLS },
    ),
    gemini: gemini(
      [
        content(ASKED),
        {
          role: 'model',
          parts: [
            ...before.map((said) => ({ text: said })),
            ...calls.map(({ id, name, json }) => ({ functionCall: { id, name, args: JSON.parse(json) } })),
          ],
        },
        { role: 'user', parts: results.gemini },
      ],
      {},
      { tools: GEMINI_TOOLS },
    ),
  };
}

const chatResult = ({ id }: Call, text: string): object => ({
  role: 'tool',
  tool_call_id: id,
  content: text,
});
const responsesResult = ({ id }: Call, output: string | readonly object[]): object => ({
  type: 'function_call_output',
  call_id: id,
  output,
});
const messagesResult = ({ id }: Call, said: string | readonly object[], more: object = {}): object => ({
  type: 'tool_result',
  tool_use_id: id,
  content: said,
  ...more,
});
const geminiResult = ({ id, name }: Call, response: object, more: object = {}): object => ({
  functionResponse: { id, name, response, ...more },
});

export const oneToolCall: GoldenCase = {
  name: 'one-tool-call',
  requests: history([PARIS], 'Let me look.', {
    chat: [chatResult(PARIS, '21 °C')],
    responses: [responsesResult(PARIS, '21 °C')],
    messages: [messagesResult(PARIS, '21 °C')],
    gemini: [geminiResult(PARIS, { output: '21 °C' })],
  }),
};

/** The results come in another order than the calls, and the user adds something. */
export const parallelToolCalls: GoldenCase = {
  name: 'parallel-tool-calls',
  requests: history([PARIS, LONDON], undefined, {
    chat: [chatResult(LONDON, '15 °C'), chatResult(PARIS, '21 °C'), user('And tomorrow?')],
    responses: [responsesResult(LONDON, '15 °C'), responsesResult(PARIS, '21 °C'), user('And tomorrow?')],
    messages: [
      messagesResult(LONDON, '15 °C'),
      messagesResult(PARIS, '21 °C'),
      { type: 'text', text: 'And tomorrow?' },
    ],
    gemini: [
      geminiResult(LONDON, { output: '15 °C' }),
      geminiResult(PARIS, { output: '21 °C' }),
      { text: 'And tomorrow?' },
    ],
  }),
};

export const toolCallWithoutArguments: GoldenCase = {
  name: 'tool-call-without-arguments',
  requests: history([ASK], undefined, {
    chat: [chatResult(ASK, '')],
    responses: [responsesResult(ASK, '')],
    messages: [{ type: 'tool_result', tool_use_id: ASK.id }],
    gemini: [geminiResult(ASK, {})],
  }),
};

/** Chat's tools answer in text only. */
export const toolResultImage: GoldenCase = {
  name: 'tool-result-image',
  requests: {
    ...history([PARIS], undefined, {
      chat: [],
      responses: [
        responsesResult(PARIS, [
          { type: 'input_text', text: 'The map:' },
          { type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'auto' },
        ]),
      ],
      messages: [
        messagesResult(PARIS, [
          { type: 'text', text: 'The map:' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
        ]),
      ],
      gemini: [
        geminiResult(
          PARIS,
          { output: 'The map:' },
          { parts: [{ inlineData: { mimeType: 'image/png', data: PNG } }] },
        ),
      ],
    }),
    'openai-chat': 'no words',
  },
};

/** OpenAI's two have no word for it. */
export const toolResultError: GoldenCase = {
  name: 'tool-result-error',
  requests: {
    ...history([PARIS], undefined, {
      chat: [],
      responses: [],
      messages: [messagesResult(PARIS, 'no such city', { is_error: true })],
      gemini: [geminiResult(PARIS, { error: 'no such city' })],
    }),
    'openai-chat': 'no words',
    'openai-responses': 'no words',
  },
};

export const forcedToolChoice: GoldenCase = {
  name: 'forced-tool-choice',
  requests: {
    'openai-chat': chat([user(ASKED)], {
      tools: CHAT_TOOLS,
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      parallel_tool_calls: false,
    }),
    'openai-responses': responses(ASKED, {
      tools: RESPONSES_TOOLS,
      tool_choice: { type: 'function', name: 'get_weather' },
      parallel_tool_calls: false,
    }),
    'anthropic-messages': messages([user(ASKED)], {
      tools: MESSAGES_TOOLS,
      tool_choice: { type: 'tool', name: 'get_weather', disable_parallel_tool_use: true },
    }),
    gemini: gemini(
      [content(ASKED)],
      {},
      {
        tools: GEMINI_TOOLS,
        toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_weather'] } },
      },
    ),
  },
};

const anyOrNone = (name: string, openai: string, anthropic: string, mode: string): GoldenCase => ({
  name,
  requests: {
    'openai-chat': chat([user(ASKED)], { tools: CHAT_TOOLS, tool_choice: openai }),
    'openai-responses': responses(ASKED, { tools: RESPONSES_TOOLS, tool_choice: openai }),
    'anthropic-messages': messages([user(ASKED)], {
      tools: MESSAGES_TOOLS,
      tool_choice: { type: anthropic },
    }),
    gemini: gemini(
      [content(ASKED)],
      {},
      { tools: GEMINI_TOOLS, toolConfig: { functionCallingConfig: { mode } } },
    ),
  },
});

export const requiredToolChoice: GoldenCase = anyOrNone('required-tool-choice', 'required', 'any', 'ANY');
export const noToolChoice: GoldenCase = anyOrNone('no-tool-choice', 'none', 'none', 'NONE');

/** What its vendor runs itself. */
export const vendorTool: GoldenCase = {
  name: 'vendor-tool',
  requests: {
    'openai-chat': chat([user(ASKED)], { web_search_options: {} }),
    'openai-responses': responses(ASKED, { tools: [{ type: 'web_search' }] }),
    'anthropic-messages': messages([user(ASKED)], {
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    }),
    gemini: gemini([content(ASKED)], {}, { tools: [{ googleSearch: {} }] }),
  },
};
