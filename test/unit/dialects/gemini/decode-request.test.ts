// What a generateContent request says in neutral terms.

import { describe, expect, test } from 'vitest';
import type { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { ConversationRequest } from '../../../../src/conversation/conversation-request.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const HI = { role: 'user', parts: [{ text: 'hi' }] };
const HI_NEUTRAL = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };

const decode = (body: JsonObject): ConversationRequest => gemini.decodeRequest(freeze(body)).request;
const withConfig = (generationConfig: JsonObject): ConversationRequest =>
  decode({ contents: [HI], generationConfig });
function refusal(work: () => unknown): Pick<GatewayError, 'kind' | 'param' | 'message'> {
  try {
    work();
  } catch (error) {
    const { kind, param, message } = error as GatewayError;
    return { kind, param, message };
  }
  throw new Error('nothing was refused');
}

describe('the settings', () => {
  test('are read from where they stand', () => {
    const request = decode({
      contents: [HI],
      systemInstruction: { parts: [{ text: 'one' }, { text: 'two' }] },
      labels: { team: 'a' },
      serviceTier: 'flex',
      generationConfig: {
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        maxOutputTokens: 100,
        candidateCount: 2,
        stopSequences: ['END'],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: -0.1,
        responseLogprobs: true,
        logprobs: 3,
      },
    });
    expect(request).toEqual({
      messages: [
        {
          role: 'system',
          parts: [
            { type: 'text', text: 'one' },
            { type: 'text', text: 'two' },
          ],
        },
        HI_NEUTRAL,
      ],
      metadata: { team: 'a' },
      serviceTier: 'flex',
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      maxTokens: 100,
      answers: 2,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
      logprobs: { top: 3 },
    });
  });

  test('may be named in snake case, and lists of one stand without brackets', () => {
    const snake = decode({
      contents: { parts: { text: 'hi' } },
      system_instruction: { parts: { text: 'rules' } },
      generation_config: { max_output_tokens: 5, thinking_config: { thinking_budget: 64 } },
      tools: { function_declarations: { name: 'f', parameters_json_schema: { type: 'object' } } },
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
      safety_settings: [{ category: 'c' }],
    });
    expect(snake).toEqual({
      messages: [{ role: 'system', parts: [{ type: 'text', text: 'rules' }] }, HI_NEUTRAL],
      maxTokens: 5,
      reasoning: { budgetTokens: 64 },
      tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
      toolChoice: { type: 'tools', names: ['f'] },
      vendor: { dialect: 'gemini', members: { safetySettings: [{ category: 'c' }] } },
    });
  });

  test('that only Google knows are kept with their paths', () => {
    const request = decode({
      contents: [HI],
      safetySettings: [],
      generationConfig: {
        mediaResolution: 'LOW',
        responseMimeType: 'text/x.enum',
        responseSchema: { type: 'STRING' },
      },
      toolConfig: {
        retrievalConfig: { languageCode: 'de' },
        functionCallingConfig: { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
      },
    });
    expect(request.vendor).toEqual({
      dialect: 'gemini',
      members: {
        safetySettings: [],
        'generationConfig.mediaResolution': 'LOW',
        'generationConfig.responseMimeType': 'text/x.enum',
        'generationConfig.responseSchema': { type: 'STRING' },
        'toolConfig.retrievalConfig': { languageCode: 'de' },
        'toolConfig.functionCallingConfig': { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
      },
    });
    expect(request.format).toBeUndefined();
    expect(request.toolChoice).toBeUndefined();
  });

  test('a cached beginning is a part, so that no other provider is asked without it', () => {
    expect(decode({ contents: [HI], cachedContent: 'cachedContents/1' }).messages[0]).toEqual({
      role: 'user',
      parts: [{ type: 'vendor', dialect: 'gemini', name: 'cachedContent', value: 'cachedContents/1' }],
    });
  });

  test.each<[JsonObject, unknown]>([
    [{ thinkingBudget: 0 }, { effort: 'none' }],
    [
      { thinkingBudget: -1, includeThoughts: true },
      { adaptive: true, visible: true },
    ],
    [{ thinkingBudget: 2048 }, { budgetTokens: 2048 }],
    [{ thinkingLevel: 'low' }, { effort: 'low' }],
    [
      { thinkingLevel: 'HIGH', includeThoughts: false },
      { effort: 'high', visible: false },
    ],
    [{}, undefined],
  ])('thinking as %j', (thinkingConfig, expected) => {
    expect(withConfig({ thinkingConfig }).reasoning).toEqual(expected);
  });

  test.each<[JsonObject, unknown]>([
    [{ responseMimeType: 'text/plain' }, { type: 'text' }],
    [{ responseMimeType: 'application/json' }, { type: 'json' }],
    [
      { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } },
      { type: 'json-schema', name: '', schema: { type: 'object' } },
    ],
    [
      { responseMimeType: 'application/json', responseSchema: { type: 'ARRAY', items: { type: 'STRING' } } },
      { type: 'json-schema', name: '', schema: { type: 'array', items: { type: 'string' } } },
    ],
    [{}, undefined],
  ])('the format as %j', (config, expected) => {
    expect(withConfig(config).format).toEqual(expected);
  });
});

describe('refused', () => {
  test('a role that Google does not have', () => {
    expect(refusal(() => decode({ contents: [HI, { role: 'system', parts: [] }] }))).toEqual({
      kind: 'invalid-request',
      param: 'contents[1].role',
      message: "'contents[1].role' must be user or model",
    });
  });

  test.each<[JsonObject, string]>([
    [{}, "'contents' is missing; it must be an array of objects"],
    [{ contents: 'hi' }, "'contents' is a string; it must be an array of objects"],
    [{ contents: [] }, "'contents' is empty"],
    [{ contents: ['hi'] }, "'contents[0]' is a string; it must be an object"],
    [{ contents: [{ role: 1 }] }, "'contents[0].role' is a number; it must be a string"],
    [{ contents: [{ parts: 'hi' }] }, "'contents[0].parts' is a string; it must be an array of objects"],
    [{ contents: [HI], system_instruction: 'x' }, "'system_instruction' is a string; it must be an object"],
  ])('%j', (body, message) => {
    expect(() => gemini.checkRequest(freeze(body))).toThrow(message);
  });

  test('nothing of a request in its simplest form', () => {
    expect(() => gemini.checkRequest(freeze({ contents: { parts: { text: 'hi' } } }))).not.toThrow();
  });
});

test('the turns that routing needs: texts of users and the model, without thoughts', () => {
  const body = freeze({
    systemInstruction: { parts: [{ text: 'rules' }] },
    contents: [
      { parts: [{ text: 'first' }, { inlineData: {} }, { text: 'more' }] },
      { role: 'model', parts: [{ text: 'hm', thought: true }, { text: 'done' }] },
      { role: 'user', parts: { text: 'second' } },
      { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f' } }] },
    ],
  });
  expect(gemini.readTurns(body, 100_000)).toEqual([
    { role: 'user', text: 'first\nmore' },
    { role: 'assistant', text: 'done' },
    { role: 'user', text: 'second' },
  ]);
});
