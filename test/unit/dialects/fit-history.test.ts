// What is left out of a history when its next model speaks the client's dialect, and another vendor's spoke before it.

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/json-value.ts';
import { DIALECT_MODULES } from '../../../src/translate/dialect-modules.ts';
import { freeze } from './openai-chat/freeze.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function fitOf(
  dialect: keyof typeof DIALECT_MODULES & string,
  body: JsonObject,
  modelId: string,
): JsonObject {
  const module = DIALECT_MODULES[dialect as 'gemini'];
  const fitted = module.fitHistory(freeze(body), modelId);
  const text = JSON.stringify(body);
  // Whoever looks for the marks alone must not miss it.
  if (Object.keys(fitted).length > 0)
    expect(module.historyMarks.some((mark) => text.includes(mark))).toBe(true);
  return fitted;
}

describe('Messages', () => {
  const CLAUDE = 'claude-sonnet-4-5';
  const user = { role: 'user', content: 'hi' };
  const call = { type: 'tool_use', id: 't', name: 'f', input: {} };
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't' }] };
  const thought = (signature: string) => ({ type: 'thinking', thinking: 'hm', signature });
  const said = (...content: JsonObject[]) => ({ role: 'assistant', content });
  const messagesOf = (modelId: string, ...messages: JsonObject[]) =>
    fitOf('anthropic-messages', { messages }, modelId);

  test('foreign thoughts go, and the turn with them if nothing else is in it', () => {
    const text = { type: 'text', text: 'a' };
    const carrier = { type: 'redacted_thinking', data: 'pointsman.gemini.call.1.tx' };
    expect(
      messagesOf(
        CLAUDE,
        user,
        said(thought('pointsman.openai-responses.x')),
        user,
        said(thought('own'), call, carrier, text),
        user,
      ),
    ).toEqual({ messages: [user, user, said(thought('own'), call, text), user] });
  });

  test('thoughts that nobody signed go to no Claude, and back to the others', () => {
    const history = [user, said(thought(''), { type: 'text', text: 'a' }), user];
    expect(messagesOf(CLAUDE, ...history)).toEqual({
      messages: [user, said({ type: 'text', text: 'a' }), user],
    });
    expect(messagesOf('kimi-k2', ...history)).toEqual({});
  });

  test('in a tool loop thinking with a budget is switched off, adaptive thinking is not', () => {
    const messages = [user, said(thought('pointsman.gemini.x'), call), result];
    const fitted = { messages: [user, said(call), result] };
    const budget = { messages, thinking: { type: 'enabled', budget_tokens: 2000 } };
    expect(fitOf('anthropic-messages', budget, CLAUDE)).toEqual({
      ...fitted,
      thinking: { type: 'disabled' },
    });
    expect(fitOf('anthropic-messages', { messages, thinking: { type: 'adaptive' } }, CLAUDE)).toEqual(fitted);
  });

  test('what is its own, and what a user writes, stays', () => {
    const quoted = { role: 'user', content: [{ type: 'text', text: '"thinking" "pointsman.x' }] };
    expect(messagesOf(CLAUDE, quoted, said(thought('own'), call), result)).toEqual({});
  });
});

describe('Chat', () => {
  const user = { role: 'user', content: 'hi' };
  const detail = (signature: string) => ({ type: 'reasoning.text', text: 'hm', signature });
  const signed = (thought_signature: string, more: JsonObject = {}) => ({
    id: 'c',
    type: 'function',
    function: { name: 'f', arguments: '{}' },
    extra_content: { google: { thought_signature, ...more } },
  });
  const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
  const assistant = { role: 'assistant', content: 'a' };
  const messagesOf = (modelId: string, ...messages: JsonObject[]) =>
    fitOf('openai-chat', { messages }, modelId)['messages'];

  test('foreign reasoning goes with its text', () => {
    const foreign = {
      ...assistant,
      reasoning_content: 'hm',
      reasoning_details: [detail('pointsman.anthropic-messages.x')],
    };
    expect(messagesOf('deepseek-chat', user, foreign)).toEqual([user, assistant]);
  });

  test('reasoning of its own stays', () => {
    const own = { ...assistant, reasoning: 'hm', reasoning_details: [detail('own')] };
    expect(messagesOf('x', user, own)).toBeUndefined();
    const mixed = { ...own, reasoning_details: [detail('own'), detail('pointsman.gemini.x')] };
    expect(messagesOf('x', user, mixed)).toEqual([
      user,
      { ...assistant, reasoning_details: [detail('own')] },
    ]);
    expect(messagesOf('deepseek-chat', { ...assistant, reasoning_content: 'hm' })).toBeUndefined();
  });

  test('OpenAI’s own models get none at all', () => {
    expect(messagesOf('gpt-5', { ...assistant, reasoning_content: 'hm' })).toEqual([assistant]);
  });

  test('foreign signatures of calls go', () => {
    const said = { ...assistant, tool_calls: [signed('pointsman.gemini.x'), signed('own')] };
    expect(messagesOf('x', said)).toEqual([{ ...assistant, tool_calls: [call, signed('own')] }]);
    const more = { ...assistant, tool_calls: [signed('pointsman.gemini.x', { a: 1 })] };
    expect(messagesOf('x', more)).toEqual([
      { ...assistant, tool_calls: [{ ...call, extra_content: { google: { a: 1 } } }] },
    ]);
  });
});

describe('Responses', () => {
  const own = { type: 'reasoning', id: `rs_${'0'.repeat(48)}`, summary: [], encrypted_content: 'gAAA' };
  const stored = { type: 'reasoning', id: `rs_${'0'.repeat(48)}`, summary: [] };
  const foreign = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'pointsman.gemini.x' };
  const unsigned = { type: 'reasoning', id: `rs_${'0'.repeat(28)}`, summary: [] };

  test('foreign reasoning items go, the vendor’s own stay', () => {
    expect(fitOf('openai-responses', { input: [own, foreign, stored, unsigned] }, 'gpt-5')).toEqual({
      input: [own, stored],
    });
    expect(fitOf('openai-responses', { input: [own, stored] }, 'gpt-5')).toEqual({});
    expect(fitOf('openai-responses', { input: 'pointsman.' }, 'gpt-5')).toEqual({});
  });
});

describe('Gemini', () => {
  const wrapped = base64('pointsman.anthropic-messages.x');
  const call = { functionCall: { name: 'f', args: {} } };
  const model = (...parts: JsonObject[]) => ({ role: 'model', parts });
  const contentsOf = (modelId: string, ...contents: JsonObject[]) =>
    fitOf('gemini', { contents }, modelId)['contents'];

  test('foreign signatures go, and parts that hold nothing else', () => {
    expect(
      contentsOf(
        'gemini-2.5-pro',
        model(
          { text: 'hm', thought: true },
          { text: '', thought: true, thoughtSignature: wrapped },
          { text: 'a', thought_signature: wrapped },
          { ...call, thoughtSignature: wrapped },
        ),
      ),
    ).toEqual([model({ text: 'hm', thought: true }, { text: 'a' }, call)]);
  });

  test('the first of the calls made at once gets what Google documents for such a history', () => {
    const marked = { ...call, thoughtSignature: 'skip_thought_signature_validator' };
    expect(contentsOf('gemini-3-pro', model({ ...call, thoughtSignature: wrapped }, call))).toEqual([
      model(marked, call),
    ]);
    expect(contentsOf('gemini-3-pro', model(call))).toEqual([model(marked)]);
    expect(contentsOf('gemini-2.5-pro', model(call))).toBeUndefined();
  });

  test('what is its own stays', () => {
    expect(
      contentsOf(
        'gemini-3-pro',
        { role: 'user', parts: [call] },
        model({ ...call, thoughtSignature: 'own' }),
      ),
    ).toBeUndefined();
  });
});
