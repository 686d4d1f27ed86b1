// Who says what: one turn, several, and the instructions before and between them.

import { chat, content, gemini, messages, responses, user } from '../dialect-bodies.ts';
import type { GoldenCase } from '../golden-case.ts';

const QUESTION = 'What is the capital of France? "Voilà" 🇫🇷';

export const simpleText: GoldenCase = {
  name: 'simple-text',
  requests: {
    'openai-chat': { model: 'auto', messages: [user(QUESTION)] },
    'openai-responses': { model: 'auto', input: QUESTION },
    'anthropic-messages': { model: 'auto', max_tokens: 1024, messages: [user(QUESTION)] },
    gemini: { contents: [content(QUESTION)] },
  },
};

const streamed = { stream: true };

export const streamedRequest: GoldenCase = {
  name: 'streamed-request',
  stream: true,
  requests: {
    'openai-chat': chat([user(QUESTION)], { ...streamed, stream_options: { include_usage: true } }),
    'openai-responses': responses(QUESTION, streamed),
    'anthropic-messages': messages([user(QUESTION)], streamed),
    gemini: gemini([content(QUESTION)]),
  },
};

/** Each dialect says them in its own places; the last stands in the middle of the conversation where there is such a thing. */
export const severalInstructions: GoldenCase = {
  name: 'several-instructions',
  requests: {
    'openai-chat': chat([
      { role: 'system', content: 'Answer in French.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] },
      user('Hello'),
      { role: 'assistant', content: 'Bonjour' },
      { role: 'system', content: 'From now on be formal.' },
      user('How are you?'),
    ]),
    'openai-responses': responses(
      [
        { role: 'developer', content: 'Be brief.' },
        user('Hello'),
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Bonjour', annotations: [] }],
        },
        { role: 'system', content: 'From now on be formal.' },
        user('How are you?'),
      ],
      { instructions: 'Answer in French.' },
    ),
    'anthropic-messages': messages(
      [user('Hello'), { role: 'assistant', content: 'Bonjour' }, user('How are you?')],
      {
        system: [
          { type: 'text', text: 'Answer in French.' },
          { type: 'text', text: 'Be brief.' },
          { type: 'text', text: 'From now on be formal.' },
        ],
      },
    ),
    gemini: gemini(
      [content('Hello'), { role: 'model', parts: [{ text: 'Bonjour' }] }, content('How are you?')],
      {},
      {
        systemInstruction: {
          parts: [{ text: 'Answer in French.' }, { text: 'Be brief.' }, { text: 'From now on be formal.' }],
        },
      },
    ),
  },
};

export const multiTurn: GoldenCase = {
  name: 'multi-turn',
  requests: {
    'openai-chat': chat([
      user('One?'),
      { role: 'assistant', content: 'Two.' },
      user('Three?'),
      user('Or four?'),
    ]),
    'openai-responses': responses([
      user('One?'),
      { role: 'assistant', content: 'Two.' },
      user('Three?'),
      user('Or four?'),
    ]),
    'anthropic-messages': messages([
      user('One?'),
      { role: 'assistant', content: [{ type: 'text', text: 'Two.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Three?' },
          { type: 'text', text: 'Or four?' },
        ],
      },
    ]),
    gemini: gemini([
      content('One?'),
      { role: 'model', parts: [{ text: 'Two.' }] },
      { role: 'user', parts: [{ text: 'Three?' }, { text: 'Or four?' }] },
    ]),
  },
};
