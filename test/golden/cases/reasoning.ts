// Thinking: how much is asked for, and what of an earlier turn's comes back with its proof.

import { SIGNATURES } from '../../vendors/signatures.ts';
import { chat, content, gemini, messages, responses, user } from '../dialect-bodies.ts';
import type { GoldenCase } from '../golden-case.ts';

const ASKED = 'How many cities are there?';
const EFFORT = { reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'] };
const ENOUGH = { max_tokens: 8192 };

export const reasoningEffort: GoldenCase = {
  name: 'reasoning-effort',
  requests: {
    'openai-chat': chat([user(ASKED)], { reasoning_effort: 'low', max_completion_tokens: 8192 }),
    'openai-responses': responses(ASKED, { ...EFFORT, max_output_tokens: 8192 }),
    'anthropic-messages': messages([user(ASKED)], {
      ...ENOUGH,
      thinking: { type: 'enabled', budget_tokens: 2048 },
    }),
    gemini: gemini([content(ASKED)], {
      maxOutputTokens: 8192,
      thinkingConfig: { thinkingBudget: 2048, includeThoughts: true },
    }),
  },
};

const TOOLS = {
  chat: [{ type: 'function', function: { name: 'count', parameters: { type: 'object', properties: {} } } }],
  responses: [
    { type: 'function', name: 'count', parameters: { type: 'object', properties: {} }, strict: false },
  ],
  messages: [{ name: 'count', input_schema: { type: 'object', properties: {} } }],
  gemini: [
    { functionDeclarations: [{ name: 'count', parametersJsonSchema: { type: 'object', properties: {} } }] },
  ],
};

interface Proofs {
  readonly chat: string | undefined;
  readonly responses: string;
  readonly messages: string;
  readonly gemini: string;
}

/** Gemini's own stands on the call, others' where they were: on the thought. */
function proofOf({ gemini: value }: Proofs, isThought: boolean): object {
  const isOwn = value === SIGNATURES.gemini;
  return isOwn === isThought ? {} : { thoughtSignature: value };
}

/** In the middle of a tool loop: what the model thought before its call comes back, proven. */
const history = (name: string, proofs: Proofs): GoldenCase => ({
  name,
  requests: {
    'openai-chat':
      proofs.chat === undefined
        ? 'no words'
        : chat(
            [
              user(ASKED),
              {
                role: 'assistant',
                content: null,
                reasoning_details: [{ type: 'reasoning.text', text: 'Count them.', signature: proofs.chat }],
                tool_calls: [
                  { id: 'call_1', type: 'function', function: { name: 'count', arguments: '{}' } },
                ],
              },
              { role: 'tool', tool_call_id: 'call_1', content: '12' },
            ],
            { reasoning_effort: 'low', max_completion_tokens: 8192, tools: TOOLS.chat },
          ),
    'openai-responses': responses(
      [
        user(ASKED),
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [{ type: 'summary_text', text: 'Count them.' }],
          encrypted_content: proofs.responses,
        },
        { type: 'function_call', call_id: 'call_1', name: 'count', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: '12' },
      ],
      { ...EFFORT, max_output_tokens: 8192, tools: TOOLS.responses },
    ),
    'anthropic-messages': messages(
      [
        user(ASKED),
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Count them.', signature: proofs.messages },
            { type: 'tool_use', id: 'call_1', name: 'count', input: {} },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: '12' }] },
      ],
      { ...ENOUGH, thinking: { type: 'enabled', budget_tokens: 2048 }, tools: TOOLS.messages },
    ),
    gemini: gemini(
      [
        content(ASKED),
        {
          role: 'model',
          parts: [
            { text: 'Count them.', thought: true, ...proofOf(proofs, true) },
            { functionCall: { name: 'count', args: {} }, ...proofOf(proofs, false) },
          ],
        },
        { role: 'user', parts: [{ functionResponse: { name: 'count', response: { output: '12' } } }] },
      ],
      { maxOutputTokens: 8192, thinkingConfig: { thinkingBudget: 2048, includeThoughts: true } },
      { tools: TOOLS.gemini },
    ),
  },
});

/** Each client's own vendor gave it. Chat has no proofs of its own. */
export const ownReasoning: GoldenCase = history('own-reasoning', {
  chat: undefined,
  responses: SIGNATURES.openaiResponses,
  messages: SIGNATURES.anthropicMessages,
  gemini: SIGNATURES.gemini,
});

const WRAPPED = `pointsman.anthropic-messages.${SIGNATURES.anthropicMessages}`;

/** Anthropic gave it, through this gateway, to clients of every dialect. */
export const foreignReasoning: GoldenCase = {
  ...history('foreign-reasoning', {
    chat: WRAPPED,
    responses: WRAPPED,
    messages: SIGNATURES.anthropicMessages,
    gemini: Buffer.from(WRAPPED).toString('base64'),
  }),
  isWrapped: true,
};
