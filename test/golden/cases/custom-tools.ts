// Tools that are called with text, which OpenAI's two dialects alone have, in a coding agent's words; and calls of them.

import { PATCH_PIECES, PATCH_TEXT } from '../../vendors/reply.ts';
import { chat, responses, user } from '../dialect-bodies.ts';
import type { GoldenCase } from '../golden-case.ts';
import { replyCase, USAGE } from './replies.ts';

const ASKED = 'Add a file about Paris.';
const NAME = 'apply_patch';
const DESCRIPTION = 'Edits files. The patch is the whole input.';
const GRAMMAR = { syntax: 'lark', definition: 'start: begin hunk+ end\nbegin: "*** Begin Patch" LF' };
const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const ID = 'call_1';
const RESULT = 'Done.';

const requests: GoldenCase['requests'] = {
  'openai-chat': chat(
    [
      user(ASKED),
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: ID, type: 'custom', custom: { name: NAME, input: PATCH_TEXT } }],
      },
      { role: 'tool', tool_call_id: ID, content: RESULT },
    ],
    {
      tools: [
        {
          type: 'custom',
          custom: { name: NAME, description: DESCRIPTION, format: { type: 'grammar', grammar: GRAMMAR } },
        },
        { type: 'function', function: { name: 'get_weather', parameters: CITY } },
      ],
    },
  ),
  'openai-responses': responses(
    [
      user(ASKED),
      { type: 'custom_tool_call', call_id: ID, name: NAME, input: PATCH_TEXT },
      { type: 'custom_tool_call_output', call_id: ID, output: RESULT },
    ],
    {
      tools: [
        { type: 'custom', name: NAME, description: DESCRIPTION, format: { type: 'grammar', ...GRAMMAR } },
        { type: 'function', name: 'get_weather', parameters: CITY, strict: false },
      ],
    },
  ),
  'anthropic-messages': 'no words',
  gemini: 'no words',
};

/** Answered by another call of it, beside one of a function. */
export const customTool: GoldenCase = {
  ...replyCase('custom-tool', {
    calls: [
      { name: NAME, pieces: PATCH_PIECES, isCustom: true },
      { name: 'get_weather', pieces: ['{"ci', 'ty":"Par', 'is"}'] },
    ],
    usage: USAGE,
    isCut: false,
  }),
  requests,
};

export const customToolChoice: GoldenCase = {
  name: 'custom-tool-choice',
  requests: {
    'openai-chat': chat([user(ASKED)], {
      tools: [{ type: 'custom', custom: { name: NAME } }],
      tool_choice: { type: 'custom', custom: { name: NAME } },
    }),
    'openai-responses': responses(ASKED, {
      tools: [{ type: 'custom', name: NAME }],
      tool_choice: { type: 'custom', name: NAME },
    }),
    'anthropic-messages': 'no words',
    gemini: 'no words',
  },
};
