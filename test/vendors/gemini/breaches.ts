// What Gemini's generateContent refuses although its types admit it.
// https://ai.google.dev/api/generate-content, /gemini-api/docs/function-calling and /gemini-api/docs/thought-signatures

import type { Content, Part } from '@google/genai';
import { isMedia } from '../media.ts';
import { SIGNATURES } from '../signatures.ts';
import type { GeminiRequest } from '../wire-types.ts';

const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/;
/** Of a part's members exactly one. */
const DATA = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
] as const;
/** What Google names for calls that no Gemini made. */
const DUMMIES: readonly string[] = [
  'skip_thought_signature_validator',
  'context_engineering_is_the_way_to_go',
];

export function findBreaches(value: object, model = 'gemini-2.5-pro'): string[] {
  const body = value as GeminiRequest;
  const later = model.startsWith('gemini-3') ? laterRules(body) : [];
  return [...later, ...settings(body), ...tools(body), ...conversation(body.contents), ...parts(body)];
}

/**
 * The first call of each step since the user's last words needs its signature.
 * https://ai.google.dev/gemini-api/docs/thought-signatures and /gemini-api/docs/gemini-3
 */
function* laterRules({ contents, generationConfig }: GeminiRequest): Generator<string> {
  const level = generationConfig?.thinkingConfig?.thinkingLevel?.toUpperCase();
  if (level !== undefined && !['LOW', 'HIGH'].includes(level))
    yield `Thinking level ${level} is not supported for this model.`;
  const asked = contents.findLastIndex(
    ({ role, parts: found = [] }) =>
      role !== 'model' && found.some(({ functionResponse }) => functionResponse === undefined),
  );
  for (const [index, { parts: found = [] }] of contents.entries()) {
    const call = found.find(({ functionCall }) => functionCall !== undefined);
    if (index > asked && call !== undefined && call.thoughtSignature === undefined)
      yield `Function call ${call.functionCall?.name} in the ${index}. content block is missing a \`thought_signature\``;
  }
}

function* settings({ generationConfig: config = {}, systemInstruction }: GeminiRequest): Generator<string> {
  if ((config.temperature ?? 0) > 2 || (config.temperature ?? 0) < 0) yield 'temperature: 0 to 2';
  if (config.maxOutputTokens !== undefined && config.maxOutputTokens < 1) yield 'maxOutputTokens: at least 1';
  if ((config.stopSequences?.length ?? 0) > 5) yield 'stopSequences: at most 5';
  if (config.topK !== undefined && !Number.isInteger(config.topK)) yield 'topK: an integer';
  const schemas = [config.responseSchema, config.responseJsonSchema].filter((each) => each !== undefined);
  if (schemas.length > 1) yield 'responseSchema and responseJsonSchema exclude each other';
  if (schemas.length > 0 && config.responseMimeType !== 'application/json')
    yield 'a response schema needs responseMimeType application/json';
  if (config.logprobs !== undefined && config.responseLogprobs !== true)
    yield 'logprobs without responseLogprobs';
  const { thinkingBudget, thinkingLevel } = config.thinkingConfig ?? {};
  if (thinkingBudget !== undefined && thinkingLevel !== undefined)
    yield 'thinkingBudget and thinkingLevel exclude each other';
  if (
    thinkingBudget !== undefined &&
    (thinkingBudget < -1 || thinkingBudget > 32_768 || (thinkingBudget >= 0 && thinkingBudget < 128))
  )
    yield `The thinking budget ${thinkingBudget} is invalid. Please choose a value between 128 and 32768`;
  if (
    systemInstruction !== undefined &&
    (systemInstruction.parts ?? []).some(({ text }) => text === undefined)
  )
    yield 'systemInstruction: text only';
  if (systemInstruction?.parts?.length === 0) yield 'systemInstruction: no parts';
}

function* tools({ tools: offered = [], toolConfig }: GeminiRequest): Generator<string> {
  const names = offered.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  for (const { name = '', parameters, parametersJsonSchema } of names) {
    if (!NAME.test(name)) yield `Invalid function name ${name}`;
    if (parameters !== undefined && parametersJsonSchema !== undefined) yield `${name}: two schemas`;
    if (parameters !== undefined && parameters.type !== 'OBJECT')
      yield `${name}: parameters must be an OBJECT`;
  }
  const { mode, allowedFunctionNames = [] } = toolConfig?.functionCallingConfig ?? {};
  if (allowedFunctionNames.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED')
    yield 'allowedFunctionNames needs mode ANY';
  for (const allowed of allowedFunctionNames)
    if (!names.some(({ name }) => name === allowed)) yield `allowedFunctionNames: ${allowed} is not declared`;
  if (toolConfig?.functionCallingConfig !== undefined && names.length === 0)
    yield 'Function calling config is set without function_declarations';
}

/** A turn with calls is followed by one with as many responses, in user turns and model turns. */
function* conversation(contents: readonly Content[]): Generator<string> {
  if (contents.length === 0) yield 'contents is not specified';
  if (contents[0]?.role === 'model') yield 'the conversation must begin with a user turn';
  let open: (string | undefined)[] = [];
  for (const [index, { role, parts: found = [] }] of contents.entries()) {
    if (role !== undefined && role !== 'user' && role !== 'model')
      yield `contents[${index}]: Please use a valid role: user, model.`;
    if (found.length === 0) yield `contents[${index}].parts must not be empty`;
    const responses = found.flatMap(({ functionResponse }) => functionResponse ?? []);
    if (responses.length !== open.length)
      yield `contents[${index}]: the number of function response parts must be equal to the number of function call parts of the function call turn: ${responses.length}, not ${open.length}`;
    else
      for (const { name } of responses)
        if (!open.includes(name)) yield `contents[${index}]: no call of ${name}`;
    if (responses.length > 0 && role === 'model')
      yield `contents[${index}]: a model turn with function responses`;
    open = found.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall.name]));
    if (open.length > 0 && role !== 'model') yield `contents[${index}]: a function call by the user`;
  }
  if (open.length > 0) yield 'the last turn has function calls without responses';
}

function* parts({ contents }: GeminiRequest): Generator<string> {
  for (const [index, part] of contents.flatMap(({ parts: found = [] }) => found).entries()) {
    const held = DATA.filter((name) => part[name] !== undefined);
    // A signature may come alone, as it does at the end of a stream.
    if (held.length > 1 || (held.length === 0 && part.thoughtSignature === undefined))
      yield `part ${index}: required oneof field 'data' must have one initialized field`;
    yield* one(part, `part ${index}`);
  }
}

function* one(part: Part, at: string): Generator<string> {
  const {
    functionCall: call,
    functionResponse: response,
    inlineData,
    fileData,
    thoughtSignature: proof,
  } = part;
  if (call !== undefined && !NAME.test(call.name ?? '')) yield `${at}: function_call.name`;
  if (response !== undefined && (response.name ?? '') === '')
    yield `${at}: function_response.name cannot be empty`;
  if (response !== undefined && response.response === undefined)
    yield `${at}: function_response.response is required`;
  if (inlineData !== undefined && !isMedia(inlineData.mimeType ?? '', inlineData.data ?? ''))
    yield `${at}: Unable to process input image`;
  if (fileData !== undefined && !/^(https?|gs):\/\//.test(fileData.fileUri ?? '')) yield `${at}: file uri`;
  if (proof !== undefined && proof !== SIGNATURES.gemini && !DUMMIES.includes(proof))
    yield `${at}: Thought signature is not valid`;
}
