// Checks a body against the types of its vendor's SDK. The schemas are generated at the first use after a package or
// wire-types.ts changed, in about three seconds, and kept in .cache/; they are the vendors', so none is committed.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

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

interface JsonSchema {
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

/** What differs between a type in the SDK and the same thing on the wire, by the name of the type. */
const ON_THE_WIRE: Readonly<Record<string, (schema: JsonSchema) => JsonSchema>> = {
  Uint8Array: () => ({ type: 'string', contentEncoding: 'base64', pattern: BASE64 }),
  /** `output_text` is the SDK's own; the API says `store` too, and `usage: null` until it knows. */
  Response: (schema) => ({
    ...schema,
    properties: {
      ...Object(schema['properties']),
      store: { type: 'boolean' },
      usage: { anyOf: [Object(schema['properties'])['usage'], { type: 'null' }] },
    },
    required: (schema['required'] as string[]).filter((name) => name !== 'output_text'),
  }),
};
const BASE64 = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';

const AWS_MODELS = 'node_modules/@aws-sdk/client-bedrock-runtime/dist-types/models/models_0.d.ts';

let awsRequired: ReadonlyMap<string, readonly string[]> | undefined;
const compiled = new Map<WireBody, ValidateFunction>();
let schemas: Schemas | undefined;

/** What is wrong with the body, one line each; empty where the vendor's types admit it. */
export async function checkBody(name: WireBody, body: unknown): Promise<string[]> {
  const validate = compiled.get(name) ?? (await compile(name));
  return validate(body) ? [] : describe(validate.errors ?? []);
}

async function compile(name: WireBody): Promise<ValidateFunction> {
  schemas ??= await readSchemas();
  const validate = new Ajv({ allErrors: true, strict: false, verbose: true }).compile(schemas[name]);
  compiled.set(name, validate);
  return validate;
}

/**
 * A union reports every branch that does not fit. Branches of another kind say nothing, and of the others unknown members
 * and what lies furthest in the body tell what is wrong.
 */
function describe(errors: readonly ErrorObject[]): string[] {
  const own = errors.filter((error) => error.keyword !== 'anyOf' && !isOfOtherBranch(error));
  const unknown = own.filter(({ keyword }) => keyword === 'additionalProperties');
  const left = [unknown, own, errors].find((each) => each.length > 0) ?? [];
  const depth = Math.max(...left.map(({ instancePath }) => instancePath.split('/').length));
  const lines = left
    .filter(({ instancePath }) => instancePath.split('/').length === depth)
    .map(({ instancePath, message, params }) => {
      const detail = params['additionalProperty'] ?? params['allowedValue'] ?? '';
      return `${instancePath.slice(1).replaceAll('/', '.')} ${message} ${String(detail)}`.trim();
    });
  return [...new Set(lines)].slice(0, 5);
}

function isOfOtherBranch({ keyword, instancePath, parentSchema, data }: ErrorObject): boolean {
  if (keyword === 'const') return /\/(type|role)$/.test(instancePath);
  const members = parentSchema?.['properties'] as Readonly<Record<string, JsonSchema>> | undefined;
  const value = Object(data) as Readonly<Record<string, unknown>>;
  // AWS tells its branches apart by their only member.
  const required = (parentSchema?.['required'] ?? []) as readonly string[];
  if (keyword === 'additionalProperties' && required.length === 1 && !required.some((name) => name in value))
    return true;
  return ['type', 'role'].some((name) => {
    const wanted = members?.[name]?.['const'];
    return wanted !== undefined && value[name] !== undefined && value[name] !== wanted;
  });
}

async function readSchemas(): Promise<Schemas> {
  const directory = fileURLToPath(new URL('.cache/', ROOT));
  const file = `${directory}wire-schemas-${cacheKey()}.json`;
  if (!existsSync(file)) {
    const text = JSON.stringify(await generate());
    mkdirSync(directory, { recursive: true });
    // Whole or not there: other test files may be doing the same.
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, text);
    renameSync(partial, file);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Schemas;
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
    const schema = generator.createSchema(name) as JsonSchema;
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
      const members = required.get(name)?.filter((member) => member in Object(schema['properties']));
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
