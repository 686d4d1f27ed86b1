// Checks a body against the types of its vendor's SDK. The schemas are generated before the first run after a package or
// wire-types.ts changed, in about three seconds, and kept in .cache/; they are the vendors', so none is committed.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { explain, type JsonSchema } from './explain.ts';

const ROOT = new URL('../../', import.meta.url);
const TYPES = new URL('wire-types.ts', import.meta.url);

const BODIES = [
  'OpenaiChatRequest',
  'OpenaiChatAnswer',
  'OpenaiChatEvent',
  'OpenaiResponsesRequest',
  'OpenaiResponsesAnswer',
  'OpenaiResponsesEvent',
  'AnthropicMessagesRequest',
  'AnthropicCountTokensRequest',
  'AnthropicMessagesAnswer',
  'AnthropicMessagesEvent',
  'GeminiRequest',
  'GeminiAnswer',
  'GeminiEvent',
  'BedrockConverseRequest',
  'BedrockConverseAnswer',
  'BedrockConverseEvent',
] as const;

export type WireBody = (typeof BODIES)[number];

const SOURCES = [
  '@anthropic-ai/sdk',
  '@aws-sdk/client-bedrock-runtime',
  '@google/genai',
  'openai',
  'ts-json-schema-generator',
];

type Schemas = Readonly<Record<WireBody, JsonSchema>>;

/** What differs between a type in the SDK and the same thing on the wire, by the name of the type. */
const ON_THE_WIRE: Readonly<Record<string, (schema: JsonSchema) => JsonSchema>> = {
  Uint8Array: () => ({ type: 'string', contentEncoding: 'base64', pattern: BASE64 }),
  /** A message comes back as it was given, https://platform.openai.com/docs/guides/text: with its annotations. */
  ChatCompletionAssistantMessageParam: (schema) => ({
    ...schema,
    properties: { ...schema.properties, annotations: { type: 'array' } },
  }),
  /** Of the API version before the SDK's; the fake refuses them by the header. */
  MessageCreateParamsNonStreaming: withSampling,
  MessageCreateParamsStreaming: withSampling,
  /** The guide writes it in lower case: https://ai.google.dev/gemini-api/docs/gemini-3 */
  ThinkingLevel: (schema) => ({
    ...schema,
    enum: schema.enum?.flatMap((level) => [level, String(level).toLowerCase()]) ?? [],
  }),
  /** Documented as optional: `auto`. */
  ResponseInputImage: (schema) => ({
    ...schema,
    required: (schema.required ?? []).filter((name) => name !== 'detail'),
  }),
  /** Its state is said all the same, as `ResponseCustomToolCallItem` has it. */
  ResponseCustomToolCall: (schema) => ({
    ...schema,
    properties: { ...schema.properties, status: { enum: ['in_progress', 'completed', 'incomplete'] } },
  }),
  /** `output_text` is the SDK's own; the API says `store` too, and `usage: null` until it knows. */
  Response: (schema) => ({
    ...schema,
    properties: {
      ...schema.properties,
      store: { type: 'boolean' },
      usage: { anyOf: [schema.properties?.['usage'] ?? {}, { type: 'null' }] },
    },
    required: (schema.required ?? []).filter((name) => name !== 'output_text'),
  }),
};
const BASE64 = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';

function withSampling(schema: JsonSchema): JsonSchema {
  const number = { type: 'number' };
  return {
    ...schema,
    properties: { ...schema.properties, temperature: number, top_p: number, top_k: number },
  };
}

const AWS_MODELS = 'node_modules/@aws-sdk/client-bedrock-runtime/dist-types/models/models_0.d.ts';

let awsRequired: ReadonlyMap<string, readonly string[]> | undefined;
const compiled = new Map<WireBody, ValidateFunction>();
let schemas: Schemas | undefined;

/** What is wrong with the body, one line each; empty where the vendor's types admit it. */
export async function checkBody(name: WireBody, body: unknown): Promise<string[]> {
  schemas ??= await readSchemas();
  const schema = schemas[name];
  const validate = compiled.get(name) ?? new Ajv({ strict: false }).compile(schema);
  compiled.set(name, validate);
  if (validate(body)) return [];
  const found = explain(schema, body);
  return found.length > 0 ? found : ['no branch of a union fits'];
}

/** Called once before the tests, so that no two of them do it at once. @returns the file that holds them */
export async function prepareSchemas(): Promise<string> {
  const directory = fileURLToPath(new URL('.cache/', ROOT));
  const file = `${directory}wire-schemas-${cacheKey()}.json`;
  if (existsSync(file)) return file;
  const text = JSON.stringify(await generate());
  mkdirSync(directory, { recursive: true });
  // Whole or not there: another run may be doing the same.
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text);
  renameSync(partial, file);
  return file;
}

async function readSchemas(): Promise<Schemas> {
  return JSON.parse(readFileSync(await prepareSchemas(), 'utf8')) as Schemas;
}

function cacheKey(): string {
  const hash = createHash('sha256');
  for (const name of SOURCES) hash.update(readFileSync(new URL(`node_modules/${name}/package.json`, ROOT)));
  for (const url of [TYPES, import.meta.url]) hash.update(readFileSync(new URL(url)));
  return hash.digest('hex').slice(0, 16);
}

async function generate(): Promise<Schemas> {
  const { createGenerator } = await import('ts-json-schema-generator');
  const generator = createGenerator({
    path: fileURLToPath(TYPES),
    tsconfig: fileURLToPath(new URL('tsconfig.json', ROOT)),
    skipTypeCheck: true,
    additionalProperties: false,
    expose: 'all',
    jsDoc: 'none',
    functions: 'hide',
  });
  const found = BODIES.map((name) => {
    const schema = generator.createSchema(name) as unknown as JsonSchema;
    const found = schema.definitions ?? {};
    const definitions = {
      ...(name.startsWith('Bedrock') ? withRequired(found) : found),
      ...replaced(schema),
    };
    return [name, { ...schema, definitions }] as const;
  });
  return Object.fromEntries(found) as Schemas;
}

function replaced({ definitions = {} }: JsonSchema): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(ON_THE_WIRE).flatMap(([name, correct]) => {
      const schema = definitions[name];
      return schema === undefined ? [] : [[name, correct(schema)]];
    }),
  );
}

/** AWS writes a required member as `name: T | undefined`, which the generator takes for an optional one. */
function withRequired(definitions: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  awsRequired ??= readAwsRequired();
  const required = awsRequired;
  return Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => {
      const members = required.get(name)?.filter((member) => member in Object(schema.properties));
      return [name, members === undefined ? schema : { ...schema, required: members }];
    }),
  );
}

function readAwsRequired(): Map<string, string[]> {
  const source = readFileSync(new URL(AWS_MODELS, ROOT), 'utf8');
  const found = new Map<string, string[]>();
  for (const [, name = '', body = ''] of source.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)) {
    const members = [...body.matchAll(/^ {4}(\w+): .*\| undefined;$/gm)].map(([, member = '']) => member);
    if (members.length > 0) found.set(name, members);
  }
  return found;
}
