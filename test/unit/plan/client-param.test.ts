// Warnings and refusals name the client's own member, whatever dialect it speaks.

import { describe, expect, test } from 'vitest';
import type { ClientDialect } from '../../../src/contract/dialect.ts';
import type { JsonObject } from '../../../src/json/json-value.ts';
import { clientParam } from '../../../src/plan/client-param.ts';
import { DIALECT_MODULES } from '../../../src/translate/dialect-modules.ts';

const BODIES: Readonly<Record<ClientDialect, JsonObject>> = {
  'openai-chat': {
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', content: 'b', reasoning_content: 'hm' },
    ],
  },
  'openai-responses': {
    instructions: 'rules',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'a' }] },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ],
  },
  'anthropic-messages': {
    system: [{ type: 'text', text: 'rules' }],
    messages: [
      { role: 'user', content: 'a' },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't', content: 'x' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'user', content: 'c' },
    ],
  },
  gemini: {
    cachedContent: 'cachedContents/1',
    systemInstruction: { parts: [{ text: 'rules' }] },
    contents: [
      { role: 'user', parts: [{ text: 'a' }] },
      { role: 'model', parts: [{ text: 'b' }] },
      { role: 'model', parts: [{ text: 'c' }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }, { text: 'd' }] },
      { role: 'user', parts: [{ text: 'e' }] },
    ],
  },
};

function own(dialect: ClientDialect, param: string): string {
  const { names, decodeRequest } = DIALECT_MODULES[dialect];
  return clientParam(param, decodeRequest(BODIES[dialect]), names);
}

describe.each<[ClientDialect, readonly (readonly [neutral: string, own: string])[]]>([
  [
    'openai-chat',
    [
      ['messages[0].content[0].detail', 'messages[0].content[0].detail'],
      ['messages[1].content[0]', 'messages[1]'],
      ['max_tokens', 'max_tokens'],
    ],
  ],
  [
    'openai-responses',
    [
      ['messages[0].content[0]', 'instructions'],
      ['messages[1].content[0].filename', 'input[0].content[0].filename'],
      ['messages[2].content[1]', 'input[1]'],
      ['messages[3]', 'input[3]'],
      ['max_tokens', 'max_output_tokens'],
      ['seed', 'seed'],
    ],
  ],
  [
    'anthropic-messages',
    [
      ['messages[0].content[0].cache_control', 'system[0].cache_control'],
      ['messages[1].content[0]', 'messages[0].content[0]'],
      ['messages[2].content[0].content[0]', 'messages[1]'],
      ['messages[3].content[0].citations', 'messages[1].citations'],
      ['messages[4]', 'messages[2]'],
      ['stop', 'stop_sequences'],
      ['tools[1].cache_control', 'tools[1].cache_control'],
    ],
  ],
  [
    'gemini',
    [
      ['messages[0].content[0]', 'cachedContent'],
      ['messages[1].content[0]', 'systemInstruction.parts[0]'],
      ['messages[2].content[0].detail', 'contents[0].parts[0].detail'],
      ['messages[3].content[0]', 'contents[1]'],
      ['messages[4].content[0].content[1]', 'contents[3]'],
      ['messages[5].content[0]', 'contents[3]'],
      ['messages[6].content[0]', 'contents[4].parts[0]'],
      ['tools[3].strict', 'tools'],
      ['top_p', 'generationConfig.topP'],
      ['thinking.budget_tokens', 'generationConfig.thinkingConfig'],
      ['generationConfig.mediaResolution', 'generationConfig.mediaResolution'],
    ],
  ],
])('%s', (dialect, params) => {
  test.each(params)('%s is %s', (neutral, expected) => {
    expect(own(dialect, neutral)).toBe(expected);
  });

  test('a message that is none keeps its name', () => {
    expect(own(dialect, 'messages[99]')).toBe('messages[99]');
  });
});
