// The architecture as data: what may import what, which folders there are. Held by import-rules.test.ts, which also fails
// on an entry that no longer matches anything. A new folder is added here first.

/**
 * Everything that lies in src/, lowest first. An entry imports itself and what stands in a lower line; entries in the
 * same line do not know each other.
 */
export const RANKS: readonly (readonly string[])[] = [
  ['contract', 'json'],
  ['conversation', 'sse', 'telemetry'],
  ['providers', 'dialects', 'store'],
  ['config', 'translate'],
  ['decide', 'plan'],
  ['request', 'retry', 'response'],
  ['extproc', 'envoy', 'demo', 'setup', 'evaluate'],
  ['gateway.ts'],
  ['supervisor'],
  ['cli'],
  ['main.ts'],
];

/** Runs before anything is installed; imports nothing but node: modules. */
export const LAUNCHER = 'launch.mjs';

/** The stages of a request; none imports another, whatever their ranks. */
export const STAGES: readonly string[] = ['request', 'retry', 'response'];

/** One folder for each dialect, and no dialect imports another. */
export const DIALECTS = 'dialects';

/** In every dialect's folder, beside whatever else it needs. */
export const PROVIDER_FILES: readonly string[] = [
  'decode-answer.ts',
  'decode-stream.ts',
  'encode-request.ts',
  'errors.ts',
  'index.ts',
];

/** In the folder of every dialect that clients speak too. */
export const CLIENT_FILES: readonly string[] = [
  'check-request.ts',
  'decode-request.ts',
  'encode-answer.ts',
  'encode-stream.ts',
];

/** Dialects that no client speaks to us. */
export const PROVIDER_ONLY: readonly string[] = ['bedrock-converse'];

/** Packages with one home in src/. Tests import what they like. */
export const HOMES: readonly { readonly packages: RegExp; readonly home: string }[] = [
  { packages: /^(@grpc\/|google-protobuf$|protobufjs)/, home: 'extproc/' },
  { packages: /^(onnxruntime-|@huggingface\/)/, home: 'decide/embedded/' },
  { packages: /^@opentelemetry\//, home: 'telemetry/' },
];

export const MOST_LINES = 400;

/** Tests that are longer all the same. Split one, and its line here must go. */
export const LONGER: readonly string[] = [
  'test/unit/config/refusals.test.ts',
  'test/unit/decide/router-chain.test.ts',
];

/** Files that a tool reads by their default export. */
export const DEFAULT_EXPORTS: readonly string[] = ['test/vitest.config.ts'];
