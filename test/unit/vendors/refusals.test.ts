// The stand-in vendors refuse what the vendors refuse: each line is one mistake in a request that is otherwise right.

import { describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../vendors/anthropic-messages/index.ts';
import { bedrockConverse } from '../../vendors/bedrock-converse/index.ts';
import { gemini } from '../../vendors/gemini/index.ts';
import { openaiChat } from '../../vendors/openai-chat/index.ts';
import { openaiResponses } from '../../vendors/openai-responses/index.ts';
import type { Vendor } from '../../vendors/vendor.ts';
import { checkBody } from '../../vendors/wire-schemas.ts';

async function judge(vendor: Vendor, body: object, model = vendor.model): Promise<string> {
  const misfits = await checkBody(vendor.schemas.request, body);
  return (misfits.length > 0 ? misfits : vendor.findBreaches(body, model)).join('; ');
}

const user = (content: unknown): object => ({ role: 'user', content });
const assistant = (content: unknown): object => ({ role: 'assistant', content });

describe('openai chat completions', () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
  const ask = (more: object): Promise<string> =>
    judge(openaiChat, { model: 'gpt-5.1', messages: [user('a')], ...more });
  const tool = (more: object): object => ({
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', ...more } } }],
  });

  test.each<[string, object, RegExp]>([
    ['an unknown member', { x: 1 }, /^x is not known/],
    [
      'another member of a part',
      { messages: [user([{ type: 'text', text: 'a', cache_control: {} }])] },
      /cache_control is not known/,
    ],
    ['the older max_tokens', { max_tokens: 9 }, /max_completion_tokens/],
    [
      'sampling while it thinks',
      { reasoning_effort: 'low', temperature: 0.5 },
      /'temperature' is not supported/,
    ],
    ['an effort of other models', { reasoning_effort: 'minimal' }, /Supported values are/],
    ['five stop sequences', { stop: ['1', '2', '3', '4', '5'] }, /stop/],
    [
      'stream options without a stream',
      { stream: false, stream_options: { include_usage: true } },
      /stream_options/,
    ],
    [
      'arguments that are an object',
      {
        messages: [{ role: 'assistant', tool_calls: [{ ...call, function: { name: 'f', arguments: {} } }] }],
      },
      /arguments: not string/,
    ],
    [
      'a call without its answer',
      { messages: [user('a'), { role: 'assistant', tool_calls: [call] }, user('b')] },
      /without an answer/,
    ],
    [
      'an answer without its call',
      { messages: [user('a'), { role: 'tool', tool_call_id: 'call_1', content: 'x' }] },
      /without its call/,
    ],
    ['no tools', { tools: [] }, /too short/],
    ['a schema of no type', tool({ type: 'string' }), /type object/],
    [
      'an open object in strict mode',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'a', strict: true, schema: { type: 'object' } },
        },
      },
      /additionalProperties/,
    ],
    [
      'a picture that is none',
      { messages: [user([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }])] },
      /unreadable/,
    ],
  ])('%s', async (_name, more, reason) => {
    expect(await ask(more)).toMatch(reason);
  });
});

describe('openai responses', () => {
  const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'c', output: '1' };
  test.each<[string, object, RegExp]>([
    ['an output without its call', { input: [user('a'), output] }, /No tool call found/],
    ['a call without its output', { input: [user('a'), call, user('b')] }, /No tool output found/],
    ['an id of another kind', { input: [user('a'), { ...call, id: 'call_1' }, output] }, /begins with 'fc'/],
    [
      'sampling of a model that thinks',
      { model: 'gpt-5-mini', input: 'a', top_p: 0.5 },
      /'top_p' is not supported/,
    ],
    ['too few tokens', { input: 'a', max_output_tokens: 9 }, /at least 16/],
    [
      'a tool that is not said to be strict or not',
      { input: 'a', tools: [{ type: 'function', name: 'f', parameters: {}, strict: null }] },
      /strict/,
    ],
    [
      'reasoning alone',
      { input: [user('a'), { type: 'reasoning', id: 'rs_1', summary: [] }] },
      /following item/,
    ],
    [
      "another vendor's reasoning",
      {
        input: [
          user('a'),
          { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'EqQB' },
          assistant('b'),
        ],
      },
      /could not be verified/,
    ],
  ])('%s', async (_name, more, reason) => {
    expect(await judge(openaiResponses, { model: 'gpt-5.1', ...more })).toMatch(reason);
  });
});

describe('anthropic messages', () => {
  const use = { type: 'tool_use', id: 't', name: 'f', input: {} };
  const result = { type: 'tool_result', tool_use_id: 't', content: '1' };
  const thinking = { type: 'enabled', budget_tokens: 1024 };
  test.each<[string, object, RegExp]>([
    ['no max_tokens', { max_tokens: undefined }, /max_tokens/],
    ['too warm', { temperature: 1.5 }, /temperature/],
    [
      'a budget for a later model',
      { model: anthropicMessages.laterModel, thinking },
      /not supported for this model/,
    ],
    [
      'sampling of a later model',
      { model: anthropicMessages.laterModel, temperature: 1 },
      /not supported for this model/,
    ],
    [
      'adaptive thinking of an earlier model',
      { thinking: { type: 'adaptive' } },
      /not supported on this model/,
    ],
    [
      'a bound in the schema of the answer',
      { output_config: { format: { type: 'json_schema', schema: { type: 'integer', minimum: 0 } } } },
      /'minimum' is not supported/,
    ],
    ['two of a role', { messages: [user('a'), user('b')] }, /alternate/],
    ['the model first', { messages: [assistant('a'), user('b')] }, /first message/],
    ['empty text', { messages: [user([{ type: 'text', text: '' }])] }, /non-empty/],
    [
      'a call without its result',
      { messages: [user('a'), assistant([use]), user('b')] },
      /without `tool_result`/,
    ],
    [
      'a result after text',
      { messages: [user('a'), assistant([use]), user([{ type: 'text', text: 'b' }, result])] },
      /come first/,
    ],
    ['a result without its call', { messages: [user([result])] }, /unexpected `tool_use_id`/],
    ['more thinking than answer', { thinking: { type: 'enabled', budget_tokens: 4096 } }, /greater than/],
    [
      'thinking about a forced call',
      { thinking, tools: [{ name: 'f', input_schema: { type: 'object' } }], tool_choice: { type: 'any' } },
      /forces tool use/,
    ],
    [
      'a loop without its thoughts',
      { thinking, messages: [user('a'), assistant([use]), user([result])] },
      /start with a thinking block/,
    ],
    [
      "another's signature",
      { messages: [user('a'), assistant([{ type: 'thinking', thinking: 'x', signature: 'y' }]), user('b')] },
      /Invalid `signature`/,
    ],
    ['an unknown member', { seed: 1 }, /^seed is not known/],
  ])('%s', async (_name, more, reason) => {
    const body = { model: anthropicMessages.model, max_tokens: 2048, messages: [user('a')], ...more };
    expect(await judge(anthropicMessages, JSON.parse(JSON.stringify(body)))).toMatch(reason);
  });
});

describe('gemini', () => {
  const turn = (role: string, ...parts: object[]): object => ({ role, parts });
  const call = { functionCall: { name: 'f', args: {} } };
  const response = { functionResponse: { name: 'f', response: {} } };
  test.each<[string, object, RegExp]>([
    ['a role of its own', { contents: [turn('assistant', { text: 'a' })] }, /valid role/],
    [
      'fewer responses than calls',
      { contents: [turn('user', { text: 'a' }), turn('model', call, call), turn('user', response)] },
      /equal to the number/,
    ],
    [
      'a response without a name',
      {
        contents: [
          turn('user', { text: 'a' }),
          turn('model', call),
          turn('user', { functionResponse: { response: {} } }),
        ],
      },
      /no call of/,
    ],
    ['a schema without its type', { generationConfig: { responseJsonSchema: {} } }, /responseMimeType/],
    [
      'a schema in small letters',
      { tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'object' } }] }] },
      /"object" is not known/,
    ],
    ['a member of another API', { max_tokens: 9 }, /^max_tokens is not known/],
    ['a part of nothing', { contents: [turn('user', {})] }, /oneof/],
    [
      "another's signature",
      {
        contents: [
          turn('user', { text: 'a' }),
          turn('model', { text: 'b', thoughtSignature: 'AAAA' }),
          turn('user', { text: 'c' }),
        ],
      },
      /signature/,
    ],
  ])('%s', async (_name, more, reason) => {
    expect(await judge(gemini, { contents: [turn('user', { text: 'a' })], ...more })).toMatch(reason);
  });
});

test('of later Geminis a call without its signature, unless its turn is over', async () => {
  const turn = (role: string, ...parts: object[]): object => ({ role, parts });
  const call = { functionCall: { name: 'f', args: {} } };
  const contents = [
    turn('user', { text: 'a' }),
    turn('model', call),
    turn('user', { functionResponse: { name: 'f', response: {} } }),
  ];
  expect(await judge(gemini, { contents })).toBe('');
  expect(await judge(gemini, { contents }, gemini.laterModel)).toMatch(/missing a `thought_signature`/);
  contents.push(turn('model', { text: 'b' }), turn('user', { text: 'c' }));
  expect(await judge(gemini, { contents }, gemini.laterModel)).toBe('');
});

describe('bedrock converse', () => {
  const use = { toolUse: { toolUseId: 't', name: 'f', input: {} } };
  const result = { toolResult: { toolUseId: 't', content: [{ text: '1' }] } };
  const toolConfig = { tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }] };
  const said = user([{ text: 'a' }]);
  test.each<[string, object, RegExp]>([
    [
      'tools in the messages only',
      { messages: [said, assistant([use]), user([result])] },
      /toolConfig field must be defined/,
    ],
    [
      'a call without its result',
      { toolConfig, messages: [said, assistant([use]), said] },
      /Expected toolResult/,
    ],
    ['two of a role', { messages: [said, said] }, /alternate/],
    ['blank text', { messages: [user([{ text: ' ' }])] }, /blank/],
    [
      'arguments as text',
      {
        toolConfig,
        messages: [
          said,
          assistant([{ toolUse: { toolUseId: 't', name: 'f', input: '{}' } }]),
          user([result]),
        ],
      },
      /json object/,
    ],
    [
      'a tool without a name',
      { toolConfig: { tools: [{ toolSpec: { inputSchema: { json: {} } } }] } },
      /name/,
    ],
    ['the model id in the body', { modelId: 'm' }, /^modelId is not known/],
    [
      'a data URL for bytes',
      { messages: [user([{ image: { format: 'png', source: { bytes: 'data:image/png;base64,AAAA' } } }])] },
      /pattern/,
    ],
  ])('%s', async (_name, more, reason) => {
    expect(await judge(bedrockConverse, { messages: [said], ...more })).toMatch(reason);
  });
});

test('a signature counts for the request that was signed only', async () => {
  const { findSignatureBreaches } = await import('../../vendors/bedrock-converse/signature.ts');
  const keys = { accessKeyId: 'AKIA', secretAccessKey: 's', region: 'eu-west-1' };
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20261125/eu-west-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  const headers = { host: 'h', 'x-amz-date': '20261125T000000Z', authorization };
  const request = { method: 'POST', path: '/model/m/converse', headers, bytes: Buffer.from('{}') };
  expect(findSignatureBreaches(request, keys)).toEqual(['the signature does not match']);
});
