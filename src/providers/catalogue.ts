// The built-in providers as data. To add one, add an entry here with the vendor page that says so; nothing else changes.
// Read by the configuration only. Names are Plano's where Plano has the provider.

import { BEARER, type ProviderDefinition } from './provider-definition.ts';

const CHAT = { 'openai-chat': '/chat/completions' } as const;
const RESPONSES = { 'openai-responses': '/responses' } as const;
const CHAT_AND_RESPONSES = { ...CHAT, ...RESPONSES } as const;
const RESPONSES_AND_CHAT = { ...RESPONSES, ...CHAT } as const;

/** Chat Completions at `origin` + `basePath`, Bearer key: what most vendors mean by "OpenAI-compatible". */
function openaiCompatible(
  origin: string | undefined,
  basePath: string,
  keyVariable: string,
): ProviderDefinition {
  return { origin, basePath, paths: CHAT, auth: BEARER, keyOptional: false, keyVariable };
}

/** Servers that people run themselves: both of OpenAI's dialects and Anthropic's, a key only if the operator set one. */
function selfHosted(keyVariable: string): ProviderDefinition {
  return {
    origin: undefined,
    basePath: '/v1',
    paths: { ...CHAT_AND_RESPONSES, 'anthropic-messages': '/messages' },
    auth: BEARER,
    keyOptional: true,
    keyVariable,
  };
}

const ANTHROPIC: ProviderDefinition = {
  // https://docs.claude.com/en/api/messages and /en/api/versioning: `x-api-key` and `anthropic-version` are required.
  origin: 'https://api.anthropic.com',
  basePath: '/v1',
  paths: { 'anthropic-messages': '/messages' },
  auth: { header: 'x-api-key', prefix: '' },
  keyOptional: false,
  keyVariable: 'ANTHROPIC_API_KEY',
  defaultHeaders: [['anthropic-version', '2023-06-01']],
};

const GEMINI: ProviderDefinition = {
  // https://ai.google.dev/api/generate-content and /api#authentication
  origin: 'https://generativelanguage.googleapis.com',
  basePath: '/v1beta',
  paths: { gemini: '/models/{model}:generateContent' },
  streamPaths: { gemini: '/models/{model}:streamGenerateContent' },
  auth: { header: 'x-goog-api-key', prefix: '' },
  keyOptional: false,
  keyVariable: 'GEMINI_API_KEY',
};

const BEDROCK: ProviderDefinition = {
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and /bedrock/latest/userguide/api-keys.html
  origin: undefined,
  originForm: 'https://bedrock-runtime.us-east-1.amazonaws.com with the region that you use',
  basePath: '',
  paths: { 'bedrock-converse': '/model/{model}/converse' },
  streamPaths: { 'bedrock-converse': '/model/{model}/converse-stream' },
  auth: BEARER,
  signing: {
    service: 'bedrock',
    // https://docs.aws.amazon.com/general/latest/gr/bedrock.html, and endpoints of a VPC
    region: /(?:^|\.)bedrock-runtime(?:-fips)?\.([a-z]{2,}(?:-[a-z]+)+-\d+)\./,
  },
  keyOptional: true,
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
};

const VERTEX: ProviderDefinition = {
  // https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference; with an access token of Google Cloud
  origin: undefined,
  originForm:
    'https://us-central1-aiplatform.googleapis.com/v1/projects/PROJECT/locations/us-central1 with your project and location',
  basePattern: /\/projects\/[^/]+\/locations\/[^/]+$/,
  basePath: '',
  paths: { gemini: '/publishers/google/models/{model}:generateContent' },
  streamPaths: { gemini: '/publishers/google/models/{model}:streamGenerateContent' },
  variants: [
    {
      // https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude
      models: /^claude/,
      paths: { 'anthropic-messages': '/publishers/anthropic/models/{model}:rawPredict' },
      streamPaths: { 'anthropic-messages': '/publishers/anthropic/models/{model}:streamRawPredict' },
      body: { remove: ['model'], set: { anthropic_version: 'vertex-2023-10-16' } },
      // https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
      refusesSystemTurns: true,
    },
  ],
  auth: BEARER,
  keyOptional: false,
  keyVariable: 'VERTEX_ACCESS_TOKEN',
};

const CATALOGUE: ReadonlyMap<string, ProviderDefinition> = new Map<string, ProviderDefinition>([
  [
    // https://platform.openai.com/docs/api-reference/chat and /responses
    'openai',
    {
      ...openaiCompatible('https://api.openai.com', '/v1', 'OPENAI_API_KEY'),
      paths: CHAT_AND_RESPONSES,
      // In Chat these show nothing of what they think and forget it between the calls of a turn, and some take no tools while
      // they think: https://developers.openai.com/api/docs/guides/migrate-to-responses
      variants: [{ models: /^(?:o\d|gpt-[5-9](?!-chat))/, paths: RESPONSES_AND_CHAT }],
    },
  ],
  ['anthropic', ANTHROPIC],
  ['amazon_bedrock', BEDROCK],
  ['vertex', VERTEX],
  ['vertex_ai', VERTEX],
  [
    // The v1 API needs no api-version and takes the deployment as `model`, and keys as `api-key`:
    // https://learn.microsoft.com/en-us/azure/foundry/openai/api-version-lifecycle. Paths of the one before it, with the
    // deployment in them, have Chat Completions only: https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference
    'azure_openai',
    {
      origin: undefined,
      basePath: '/openai/v1',
      paths: CHAT_AND_RESPONSES,
      unversioned: { version: '/v1', paths: CHAT },
      auth: { header: 'api-key', prefix: '' },
      keyOptional: false,
      keyVariable: 'AZURE_OPENAI_API_KEY',
    },
  ],
  [
    // https://ai.google.dev/gemini-api/docs/openai: what comes as Chat goes on as Chat
    'gemini',
    {
      ...GEMINI,
      paths: { ...GEMINI.paths, 'openai-chat': '/openai/chat/completions' },
      unversioned: { version: '/v1beta', paths: CHAT },
      dialectAuth: { 'openai-chat': BEARER },
    },
  ],
  [
    // https://console.groq.com/docs/openai and /docs/responses-api
    'groq',
    { ...openaiCompatible('https://api.groq.com', '/openai/v1', 'GROQ_API_KEY'), paths: CHAT_AND_RESPONSES },
  ],
  [
    // https://api-docs.deepseek.com and /guides/anthropic_api; https://api.deepseek.com/v1 is documented to work too
    'deepseek',
    {
      ...openaiCompatible('https://api.deepseek.com', '', 'DEEPSEEK_API_KEY'),
      separatePaths: { 'anthropic-messages': '/anthropic/v1/messages' },
    },
  ],
  [
    // https://docs.mistral.ai/api/endpoint/chat: members that it does not know are a 422; usage comes unasked.
    'mistral',
    {
      ...openaiCompatible('https://api.mistral.ai', '/v1', 'MISTRAL_API_KEY'),
      refusesStreamOptions: true,
    },
  ],
  [
    // https://docs.x.ai/developers/rest-api-reference/inference; its /v1/messages is marked deprecated
    'xai',
    { ...openaiCompatible('https://api.x.ai', '/v1', 'XAI_API_KEY'), paths: CHAT_AND_RESPONSES },
  ],
  // https://docs.together.ai/docs/inference/openai-compatibility
  ['together_ai', openaiCompatible('https://api.together.ai', '/v1', 'TOGETHER_API_KEY')],
  [
    // https://openrouter.ai/docs/api-reference/overview, /responses and /anthropic-messages
    'openrouter',
    {
      ...openaiCompatible('https://openrouter.ai', '/api/v1', 'OPENROUTER_API_KEY'),
      paths: { ...CHAT_AND_RESPONSES, 'anthropic-messages': '/messages' },
    },
  ],
  // https://docs.ollama.com/api/openai-compatibility and /api/anthropic-compatibility; a key only at ollama.com
  ['ollama', selfHosted('OLLAMA_API_KEY')],
  // https://docs.vllm.ai/en/stable/serving/online_serving.html; a key only with --api-key
  ['vllm', selfHosted('VLLM_API_KEY')],
  [
    // https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope: one host per region
    'qwen',
    {
      origin: undefined,
      basePath: '/compatible-mode/v1',
      paths: CHAT,
      auth: BEARER,
      keyOptional: false,
      keyVariable: 'DASHSCOPE_API_KEY',
    },
  ],
  [
    // https://platform.kimi.ai/docs/api/overview
    'moonshotai',
    {
      ...openaiCompatible('https://api.moonshot.ai', '/v1', 'MOONSHOTAI_API_KEY'),
      paths: CHAT_AND_RESPONSES,
    },
  ],
  // https://docs.bigmodel.cn/cn/api/introduction; keys of z.ai need base_url: https://api.z.ai
  ['zhipu', openaiCompatible('https://open.bigmodel.cn', '/api/paas/v4', 'ZHIPU_API_KEY')],
  // https://docs.digitalocean.com/products/gradient-ai-platform/how-to/use-serverless-inference
  ['digitalocean', openaiCompatible('https://inference.do-ai.run', '/v1', 'DIGITALOCEAN_API_KEY')],
  [
    // https://vercel.com/docs/ai-gateway/sdks-and-apis
    'vercel',
    {
      ...openaiCompatible('https://ai-gateway.vercel.sh', '/v1', 'AI_GATEWAY_API_KEY'),
      paths: CHAT_AND_RESPONSES,
    },
  ],
  // https://platform.xiaomimimo.com
  ['xiaomi', openaiCompatible('https://api.xiaomimimo.com', '/v1', 'MIMO_API_KEY')],
  // https://platform.minimax.io/docs/api-reference/text-openai-api
  ['minimax', openaiCompatible('https://api.minimax.io', '/v1', 'MINIMAX_API_KEY')],
  // https://astraflow.ucloud-global.com and, for China, https://astraflow.ucloud.cn
  ['astraflow', openaiCompatible('https://api-us-ca.umodelverse.ai', '/v1', 'ASTRAFLOW_API_KEY')],
  ['astraflow_cn', openaiCompatible('https://api.modelverse.cn', '/v1', 'ASTRAFLOW_CN_API_KEY')],
]);

/** Providers that this version knows and cannot call: why, and what to use instead. */
const UNSERVED: ReadonlyMap<string, string> = new Map([
  [
    'chatgpt',
    'ChatGPT subscriptions need an OAuth login that this version does not have; use openai/… with an API key',
  ],
]);

/** Values of `provider_interface` that are not the name of a built-in provider. */
const INTERFACES: ReadonlyMap<string, ProviderDefinition> = new Map<string, ProviderDefinition>([
  // Plano's spelling of anthropic.
  ['claude', ANTHROPIC],
  // Of Google's two APIs the native one alone.
  ['gemini', GEMINI],
  // Most OpenAI-compatible servers have Chat Completions only; whoever has Responses too can say `openai/…` + base_url.
  ['openai', openaiCompatible(undefined, '/v1', 'API_KEY')],
  [
    // Servers that have Responses only.
    'openai_responses',
    {
      ...openaiCompatible(undefined, '/v1', 'API_KEY'),
      paths: RESPONSES,
    },
  ],
]);

export function findProvider(name: string): ProviderDefinition | undefined {
  return CATALOGUE.get(name);
}

/** The definition as it is for one model. */
export function definitionOf(definition: ProviderDefinition, modelId: string): ProviderDefinition {
  const variant = definition.variants?.find(({ models }) => models.test(modelId));
  return variant === undefined ? definition : { ...definition, ...variant };
}

/** The reason why a known provider cannot be called, undefined for all others. */
export function unservedProvider(name: string): string | undefined {
  return UNSERVED.get(name);
}

/** How a custom provider speaks, by its `provider_interface`. */
export function findInterface(name: string): ProviderDefinition | undefined {
  return INTERFACES.get(name) ?? CATALOGUE.get(name);
}

export function providerNames(): readonly string[] {
  return [...CATALOGUE.keys()];
}

export function interfaceNames(): readonly string[] {
  return [...new Set([...INTERFACES.keys(), ...CATALOGUE.keys()])];
}
