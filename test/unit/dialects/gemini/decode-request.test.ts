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
const messagesOf = (...contents: JsonObject[]) => decode({ contents }).messages;
const partsOf = (...parts: JsonObject[]) =>
  messagesOf({ role: 'user', parts }).flatMap((message) => message.parts);
const modelParts = (...parts: JsonObject[]) =>
  messagesOf({ role: 'model', parts }).flatMap((message) => message.parts);
const signature = (value: string) => ({ dialect: 'gemini', value });

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

describe('tools', () => {
  test('come in their order, Google’s own among them', () => {
    const { tools } = decode({
      contents: [HI],
      tools: [
        {
          functionDeclarations: [{ name: 'z', description: 'd', behavior: 'BLOCKING' }, { name: 'a' }],
          googleSearch: {},
        },
        { codeExecution: {} },
      ],
    });
    expect(tools).toEqual([
      {
        type: 'function',
        name: 'z',
        description: 'd',
        vendor: { dialect: 'gemini', members: { behavior: 'BLOCKING' } },
      },
      { type: 'function', name: 'a' },
      { type: 'vendor', dialect: 'gemini', name: 'googleSearch', value: { googleSearch: {} } },
      { type: 'vendor', dialect: 'gemini', name: 'codeExecution', value: { codeExecution: {} } },
    ]);
  });

  test('with Google’s Schema have the same as JSON Schema', () => {
    const parameters = {
      type: 'OBJECT',
      properties: {
        b: { type: 'STRING', nullable: true, enum: ['x'], min_length: '1' },
        a: { type: 'ARRAY', items: { type: 'INTEGER', format: 'int32' }, maxItems: '9007199254740991' },
        c: { anyOf: [{ type: 'NUMBER' }, { type: 'BOOLEAN' }], nullable: true, example: 1 },
      },
      propertyOrdering: ['a', 'b'],
      required: ['a'],
    };
    const { tools } = decode({
      contents: [HI],
      tools: [{ functionDeclarations: [{ name: 'f', parameters }] }],
    });
    const [tool] = tools ?? [];
    expect(JSON.stringify(tool?.type === 'function' && tool.parameters)).toBe(
      JSON.stringify({
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'integer', format: 'int32' }, maxItems: 9007199254740991 },
          b: { type: ['string', 'null'], enum: ['x', null], minLength: 1 },
          c: { anyOf: [{ type: 'number' }, { type: 'boolean' }, { type: 'null' }], examples: [1] },
        },
        required: ['a'],
      }),
    );
  });

  test.each<[JsonObject, unknown]>([
    [{ mode: 'AUTO' }, { type: 'auto' }],
    [{ mode: 'NONE' }, { type: 'none' }],
    [{ mode: 'ANY' }, { type: 'required' }],
    [
      { mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
      { type: 'tools', names: ['f', 'g'] },
    ],
  ])('are chosen as %j says', (functionCallingConfig, expected) => {
    const { toolChoice, vendor } = decode({ contents: [HI], toolConfig: { functionCallingConfig } });
    expect(toolChoice).toEqual(expected);
    expect(vendor).toBeUndefined();
  });
});

describe('calls and results', () => {
  test('belong together by id', () => {
    expect(
      messagesOf(
        {
          role: 'model',
          parts: [
            { functionCall: { id: 'c1', name: 'f', args: { a: 1 } }, thoughtSignature: 'sig' },
            { functionCall: { id: 'c2', name: 'f' } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'c2', name: 'f', response: { error: 'no' } } },
            { functionResponse: { id: 'c1', name: 'f', response: { output: 'yes' } } },
          ],
        },
      ),
    ).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}', signature: signature('sig') },
          { type: 'tool-call', id: 'c2', name: 'f', arguments: '{}' },
        ],
      },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            toolCallId: 'c2',
            toolName: 'f',
            content: [{ type: 'text', text: 'no' }],
            isError: true,
          },
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'f',
            content: [{ type: 'text', text: 'yes' }],
            isError: false,
          },
        ],
      },
    ]);
  });

  test('belong together by name and order where there are no ids', () => {
    const call = (name: string) => ({ functionCall: { name, args: {} } });
    const response = (name: string, output: string) => ({ functionResponse: { name, response: { output } } });
    const messages = messagesOf(
      { role: 'model', parts: [call('f'), call('g'), call('f')] },
      { role: 'user', parts: [response('g', '1'), response('f', '2'), response('f', '3')] },
      { role: 'model', parts: [call('f')] },
      { role: 'function', parts: [response('f', '4')] },
    );
    const calls = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])),
    );
    const results = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-result' ? [part.toolCallId] : [])),
    );
    expect(new Set(calls).size).toBe(4);
    expect(results).toEqual([calls[1], calls[0], calls[2], calls[3]]);
  });

  test('belong together by name where the result’s id is not a call’s', () => {
    const [call, result] = messagesOf(
      { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
      { role: 'user', parts: [{ functionResponse: { id: 'invented', name: 'f', response: {} } }] },
    ).flatMap(({ parts }) => parts);
    expect(result).toMatchObject({ toolCallId: call?.type === 'tool-call' && call.id });
    expect(partsOf({ functionResponse: { id: 'alone', name: 'f', response: {} } })).toMatchObject([
      { toolCallId: 'alone' },
    ]);
  });

  test.each<[JsonObject | undefined, string | undefined]>([
    [{ output: { a: 1 } }, '{"a":1}'],
    [{ temperature: 20, unit: 'C' }, '{"temperature":20,"unit":"C"}'],
    [{ result: 'x' }, '{"result":"x"}'],
    [{}, undefined],
    [undefined, undefined],
  ])('a result of %j', (response, text) => {
    expect(partsOf({ functionResponse: { name: 'f', response } })).toMatchObject([
      { content: text === undefined ? [] : [{ type: 'text', text }], isError: false },
    ]);
  });

  test('a result may hold images', () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'AAA=' } }];
    expect(partsOf({ functionResponse: { name: 'f', response: {}, parts } })).toMatchObject([
      { content: [{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } }] },
    ]);
  });

  test('a result in the middle of the user’s turn is a message of its own, in order', () => {
    const roles = messagesOf({
      parts: [{ text: 'a' }, { functionResponse: { name: 'f', response: {} } }, { text: 'b' }],
    }).map(({ role }) => role);
    expect(roles).toEqual(['user', 'tool', 'user']);
  });
});

describe('parts', () => {
  test.each<[string, JsonObject, unknown]>([
    [
      'an image',
      { inlineData: { mimeType: 'image/png', data: 'AAA=' } },
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } },
    ],
    [
      'sound',
      { inline_data: { mime_type: 'audio/wav', data: 'AAA=' } },
      { type: 'audio', mediaType: 'audio/wav', data: 'AAA=' },
    ],
    [
      'a document',
      { inlineData: { mimeType: 'application/pdf', data: 'AAA=', displayName: 'a' } },
      {
        type: 'file',
        source: { type: 'base64', mediaType: 'application/pdf', data: 'AAA=' },
        vendor: { dialect: 'gemini', members: { 'inlineData.displayName': 'a' } },
      },
    ],
    [
      'an image by URL',
      { fileData: { fileUri: 'https://a.test/b.png', mimeType: 'image/png' } },
      { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } },
    ],
    [
      'an upload',
      {
        fileData: {
          fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/1',
          mimeType: 'image/png',
        },
      },
      {
        type: 'image',
        source: {
          type: 'file-id',
          dialect: 'gemini',
          id: 'https://generativelanguage.googleapis.com/v1beta/files/1',
        },
        vendor: { dialect: 'gemini', members: { 'fileData.mimeType': 'image/png' } },
      },
    ],
    [
      'a video of YouTube',
      { fileData: { fileUri: 'https://www.youtube.com/watch?v=1' }, videoMetadata: { fps: 2 } },
      {
        type: 'file',
        source: { type: 'file-id', dialect: 'gemini', id: 'https://www.youtube.com/watch?v=1' },
        vendor: { dialect: 'gemini', members: { videoMetadata: { fps: 2 } } },
      },
    ],
    [
      'code that Google ran',
      { executableCode: { language: 'PYTHON', code: '1' } },
      {
        type: 'vendor',
        dialect: 'gemini',
        name: 'executableCode',
        value: { executableCode: { language: 'PYTHON', code: '1' } },
      },
    ],
  ])('%s', (_, wire, neutral) => {
    expect(partsOf(wire)).toEqual([neutral]);
  });

  test('a signature on a text stands behind it', () => {
    expect(modelParts({ text: 'a', thoughtSignature: 'sig' })).toEqual([
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: '', signature: signature('sig') },
    ]);
  });

  test('a signature of another vendor is known again', () => {
    const wrapped = Buffer.from('pointsman.anthropic-messages.sig').toString('base64');
    expect(modelParts({ text: 'hm', thought: true, thoughtSignature: wrapped })).toEqual([
      { type: 'reasoning', text: 'hm', signature: { dialect: 'anthropic-messages', value: 'sig' } },
    ]);
  });

  test('pieces of the model’s turn that were streamed are put together again', () => {
    expect(
      messagesOf(
        { role: 'model', parts: [{ text: 'I ', thought: true }] },
        {
          role: 'model',
          parts: [
            { text: 'think', thought: true },
            { text: '', thought: true, thoughtSignature: 'sig' },
          ],
        },
        { role: 'model', parts: [{ text: 'Hel' }] },
        { role: 'model', parts: [{ text: 'lo' }, { text: '' }] },
        HI,
        HI,
      ),
    ).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'I think', signature: signature('sig') },
          { type: 'text', text: 'Hello' },
        ],
      },
      HI_NEUTRAL,
      HI_NEUTRAL,
    ]);
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
