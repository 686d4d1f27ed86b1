// A configuration file's text to a GatewayConfig, or every problem in it. Called by the commands. Pure: the environment
// and the number of cores are passed in, and no file is read here.

import { ConfigError, type ConfigPath } from './config-error.ts';
import type { ConfigFile } from './config-file.ts';
import { readConversations } from './conversation-settings.ts';
import { readFailover, warnAboutLongLists } from './failover-settings.ts';
import { readFallbacks } from './fallbacks.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { readListener } from './listener-settings.ts';
import type { LoadContext } from './load-context.ts';
import { ModelIndex } from './model-index.ts';
import { UNUSED_SECTIONS } from './plano-schema.ts';
import { readAliases, readPolicy } from './policy.ts';
import { ProblemList } from './problem-list.ts';
import { unservedReason } from './provider-entry.ts';
import { readRouterSettings } from './router-settings.ts';
import { isMapping, readLeniently, schemaFor } from './schema.ts';
import { addSchemaProblems } from './schema-problems.ts';
import { readTargets } from './targets.ts';
import { readTracing } from './tracing-settings.ts';
import { warnAboutUnusedKeys } from './unused-keys.ts';
import { type Environment, type Resolved, resolveVariables } from './variables.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

export interface LoadOptions {
  /** For messages only. */
  readonly file: string;
  readonly env: Environment;
  /** Number of CPU cores, for the default number of workers. */
  readonly cores: number;
  /** Unix socket of the built-in demo provider: entries whose key is unset are answered there instead of refused. */
  readonly demoSocket?: string;
  /** For commands that call no provider: an unset key is no problem, and its entry sends none. */
  readonly keysOptional?: boolean;
  /** Whether Envoy can read this file; absent where its machine is another. */
  readonly fileExists?: ((path: string) => boolean) | undefined;
}

/** Throws ConfigError, and nothing else. */
export function loadConfig(text: string, options: LoadOptions): GatewayConfig {
  const source = readYaml(text);
  throwSyntaxProblems(source, options.file);
  const { value } = source;
  if (!isMapping(value)) throw notAConfiguration(options.file, source);
  const resolved = resolve(value, options, source);
  const problems = new ProblemList(options.file, source, resolved.isSecret);

  const warnings: string[] = [];
  const unset = new Map<string, string[]>();
  for (const { path, variable, open } of resolved.unset) {
    if (variable === undefined) {
      const message = open === true ? 'the brace after $ is not closed' : 'the braces hold no variable name';
      problems.add(path, message, `write $\{NAME}, or $$ for a dollar sign`);
    } else if (!isOptionalKey(path, resolved.value, options)) {
      problems.add(
        path,
        `the environment variable ${variable} is not set`,
        path.at(-1) === 'access_key' && path[0] !== 'routing'
          ? `set ${variable}, or write passthrough_auth: true to send the caller's own key`
          : `set ${variable}, or write $$ where a dollar sign is meant`,
      );
    } else {
      unset.set(JSON.stringify(path), [...(unset.get(JSON.stringify(path)) ?? []), variable]);
    }
  }
  const context: LoadContext = {
    problems,
    warn: (message) => warnings.push(message),
    unsetVariables: (path) => unset.get(JSON.stringify(path)) ?? [],
    fileExists: (path) => options.fileExists?.(path) ?? true,
    demoSocket: options.demoSocket,
  };

  const file = readShape(resolved.value, problems);
  const config = readSettings(file, options, context);
  problems.throwIfAny();
  return { ...config, warnings };
}

function throwSyntaxProblems({ syntaxProblems }: YamlSource, file: string): void {
  if (syntaxProblems.length === 0) return;
  throw new ConfigError(syntaxProblems.map((problem) => ({ file, path: '', ...problem })));
}

function notAConfiguration(file: string, source: YamlSource): ConfigError {
  const message = 'this is not a configuration';
  const hint = 'begin with model_providers: and a list of models';
  return new ConfigError([{ file, path: '', ...source.locate([], 'value'), message, hint }]);
}

function resolve(
  value: Readonly<Record<string, unknown>>,
  options: LoadOptions,
  source: YamlSource,
): Resolved {
  try {
    return resolveVariables(value, options.env, UNUSED_SECTIONS);
  } catch {
    const problem = { message: 'this is nested too deeply', hint: 'a configuration has few levels' };
    throw new ConfigError([{ file: options.file, path: '', ...source.locate([], 'value'), ...problem }]);
  }
}

/**
 * The key of a provider entry may be unset where the caller's own is used, or where the demo provider answers; the
 * router's only for commands that ask no model server for an answer to a client.
 */
function isOptionalKey(
  path: ConfigPath,
  value: Readonly<Record<string, unknown>>,
  options: LoadOptions,
): boolean {
  const [list, index, key] = path;
  if (list === 'routing' && index === 'access_key') return options.keysOptional === true;
  if (list === 'conversation_store' && index === 'url') return options.keysOptional === true;
  if (path.length !== 3 || key !== 'access_key' || typeof index !== 'number') return false;
  if (list !== 'model_providers' && list !== 'llm_providers') return false;
  if (options.demoSocket !== undefined || options.keysOptional === true) return true;
  const entries = value[list];
  const entry: unknown = Array.isArray(entries) ? entries[index] : undefined;
  return isMapping(entry) && (entry['passthrough_auth'] === true || isUnserved(entry));
}

function isUnserved(entry: Readonly<Record<string, unknown>>): boolean {
  const { model, provider_interface: spoken } = entry;
  if (typeof model !== 'string' || (spoken !== undefined && typeof spoken !== 'string')) return false;
  return unservedReason({ model, provider_interface: spoken }) !== undefined;
}

function readShape(value: Readonly<Record<string, unknown>>, problems: ProblemList): ConfigFile {
  const schema = schemaFor(value);
  const read = schema.safeParse(value);
  if (read.success) return read.data as ConfigFile;
  addSchemaProblems(problems, schema, value, read.error.issues);
  return readLeniently(value);
}

function readSettings(
  file: ConfigFile,
  options: LoadOptions,
  context: LoadContext,
): Omit<GatewayConfig, 'warnings'> {
  const listener = readListener(file, context);
  const { routing, affinity, routers } = readRouterSettings(file, context);
  const declared = readTargets(file, routers, context);
  const { clusters, complete } = declared;
  const aliases = readAliases(file, complete ? new ModelIndex(declared.targets) : undefined, context);
  const index = complete ? new ModelIndex(declared.targets, aliases) : undefined;
  const targets = index ? readFallbacks(file, declared.targets, index, context) : declared.targets;
  const failover = readFailover(file, context);
  const policy = readPolicy(file, index, routers, context);
  warnAboutLongLists(failover, targets, policy, context);
  const conversations = readConversations(file, context);
  const tracing = readTracing(file, context);
  warnAboutUnusedKeys(file, context);
  const metrics = file.metrics && { address: file.metrics.address ?? '127.0.0.1', port: file.metrics.port };
  return {
    listener,
    failover,
    targets,
    clusters,
    defaultTarget: targets.find(({ name }) => name === declared.defaultTarget?.name),
    aliases,
    policy,
    routing,
    affinity,
    conversations,
    service: {
      workers: file.workers ?? Math.max(1, Math.floor(options.cores) - 1),
      metrics,
      drainTimeout: file.drain_timeout ?? 30_000,
    },
    tracing,
  };
}
