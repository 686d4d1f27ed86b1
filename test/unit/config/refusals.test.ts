// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the configuration
import { describe, expect, test } from 'vitest';
import { ConfigError, type ConfigProblem } from '../../../src/config/config-error.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { markedYaml } from './marked-yaml.ts';

const ENV = { KEY: 'sk-test', EMPTY: ' ' };

function problemsOf(text: string): readonly ConfigProblem[] {
  try {
    loadConfig(text, { file: 'c.yaml', env: ENV, cores: 4, fileExists: (path) => path === '/here.pem' });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const GPT = 'model_providers:\n  - {model: openai/gpt-4o, access_key: $KEY}\n';
const MINI = '  - {model: openai/gpt-4o-mini, access_key: $KEY}\n';

/** Name, YAML with the place marked, path, message and hint as they begin. */
const REFUSALS: readonly [name: string, yaml: string, path: string, message: string, hint?: string][] = [
  // YAML itself
  ['an open bracket', 'workers: [1, 2\n‸', '', 'wrong indentation, or a bracket'],
  ['an open quote', 'workers: "1‸', '', 'a character is missing', 'look for an open quote'],
  ['a duplicate key', `${GPT}‸model_providers: []\n`, '', 'this key is here twice', 'keep one'],
  ['a duplicate key, nested', 'a:\n  b: 1\n  ‸b: 2\n', '', 'this key is here twice'],
  ['a tab as indentation', 'model_providers:\n‸\t- model: a/b\n', '', 'a tab is used', 'use spaces'],
  ['a second document', `${GPT}‸---\na: 1\n`, '', 'the file holds several documents', 'remove the ---'],
  ['an unknown anchor', 'model_providers: ‸*models\n', '', 'this alias has no anchor', 'put a text'],
  ['an empty file', '‸', '', 'this is not a configuration', 'begin with model_providers'],
  ['a list at the top', '‸- a\n', '', 'this is not a configuration', 'begin with'],
  ['text at the top', '‸hello\n', '', 'this is not a configuration', 'begin with'],
  // Unknown keys, at every level
  ['an unknown top-level key', `${GPT}‸listener: []\n`, 'listener', 'unknown key', 'did you mean listeners?'],
  [
    'one that resembles nothing',
    `${GPT}‸zzzzzzzz: 1\n`,
    'zzzzzzzz',
    'unknown key',
    'known keys here: model_aliases',
  ],
  [
    'an unknown provider key',
    'model_providers:\n  - model: openai/gpt-4o\n    ‸acess_key: $KEY\n    passthrough_auth: true\n',
    'model_providers[0].acess_key',
    'unknown key',
    'did you mean access_key?',
  ],
  [
    'an unknown key of an inline preference',
    'model_providers:\n  - model: openai/gpt-4o\n    access_key: $KEY\n    routing_preferences:\n      - {name: a, description: b, ‸example: [c]}\n',
    'model_providers[0].routing_preferences[0].example',
    'unknown key',
    'did you mean examples?',
  ],
  [
    'an unknown tls key',
    'model_providers:\n  - {model: openai/a, access_key: $KEY, tls: {‸ca: x}}\n',
    'model_providers[0].tls.ca',
    'unknown key',
    'known keys here: ca_file, sni',
  ],
  [
    'an unknown listener key',
    `${GPT}listeners: [{type: model, ‸prot: 1}]\n`,
    'listeners[0].prot',
    'unknown key',
    'did you mean port?',
  ],
  [
    'an unknown key of the old listener form',
    `${GPT}listeners: {egress_traffic: {‸prot: 1}}\n`,
    'listeners.egress_traffic.prot',
    'unknown key',
    'did you mean port?',
  ],
  [
    'an unknown routing key',
    `${GPT}routing: {‸engin: auto}\n`,
    'routing.engin',
    'unknown key',
    'did you mean engine?',
  ],
  ['an unknown override', `${GPT}overrides: {‸llm_routing: x}\n`, 'overrides.llm_routing', 'unknown key'],
  [
    'an unknown alias key',
    `${GPT}model_aliases: {fast: {target: gpt-4o, ‸to: x}}\n`,
    'model_aliases.fast.to',
    'unknown key',
  ],
  [
    'an unknown preference key',
    `${GPT}routing_preferences: [{name: a, description: b, models: [gpt-4o], ‸modls: [x]}]\n`,
    'routing_preferences[0].modls',
    'unknown key',
    'did you mean models?',
  ],
  [
    'an unknown ratelimit key',
    `${GPT}ratelimits: [{model: a, ‸select: {}, selector: {key: a}, limit: {tokens: 1, unit: day}}]\n`,
    'ratelimits[0].select',
    'unknown key',
    'did you mean selector?',
  ],
  [
    'an unknown metrics key',
    `${GPT}metrics: {port: 1, ‸adress: a}\n`,
    'metrics.adress',
    'unknown key',
    'did you mean address?',
  ],
  [
    'an unknown key with a secret in it',
    'model_providers:\n  - {model: openai/a, ‸access_key:sk-abc}\n',
    'model_providers[0]["(not shown)"]',
    'unknown key',
  ],
  // Values
  [
    'text where a number belongs',
    `${GPT}workers: ‸many\n`,
    'workers',
    'expected a number, found text',
    'write a number',
  ],
  [
    'a number where text belongs',
    'model_providers:\n  - {model: openai/a, access_key: ‸12}\n',
    'model_providers[0].access_key',
    'expected text, found a number',
    'put it into quotes',
  ],
  [
    'YAML 1.1 truth',
    'model_providers:\n  - {model: openai/a, access_key: $KEY, default: ‸yes}\n',
    'model_providers[0].default',
    'expected true or false, found text',
  ],
  [
    'a mapping where a list belongs',
    'model_providers: ‸{model: openai/a}\n',
    'model_providers',
    'expected a list',
    'write a list',
  ],
  [
    'nothing where a list belongs',
    'model_providers:‸\n',
    'model_providers',
    'expected a list (lines that begin with -), found nothing',
  ],
  [
    'a missing model',
    'model_providers:\n  - ‸name: a\n',
    'model_providers[0].model',
    'this key is missing',
    'write model: provider/model_id',
  ],
  [
    'an unknown engine',
    `${GPT}routing: {engine: ‸embeded}\n`,
    'routing.engine',
    '"embeded" is not possible',
    'did you mean embedded?',
  ],
  [
    'a duration without a unit',
    `${GPT}listeners: [{type: model, timeout: ‸30}]\n`,
    'listeners[0].timeout',
    'this is not a duration',
    'write a number with ms',
  ],
  [
    'a duration of nothing',
    `${GPT}routing: {timeout: ‸0s}\n`,
    'routing.timeout',
    'durations here go from 1ms',
  ],
  ['a size that is none', `${GPT}max_body_bytes: ‸big\n`, 'max_body_bytes', 'this is not a size'],
  [
    'a threshold above one',
    `${GPT}routing: {threshold: ‸23}\n`,
    'routing.threshold',
    'this number is too large',
    'write at most 1',
  ],
  [
    'a confidence above one',
    `${GPT}routing: {confidence: ‸95}\n`,
    'routing.confidence',
    'this number is too large',
    'write at most 1',
  ],
  [
    'a confidence below zero',
    `${GPT}routing: {confidence: ‸-0.1}\n`,
    'routing.confidence',
    'this number is too small',
    'write at least 0',
  ],
  [
    'a confidence in words',
    `${GPT}routing: {confidence: ‸high}\n`,
    'routing.confidence',
    'expected a number, found text',
  ],
  [
    'a misspelt cascade',
    `${GPT}routing: {engine: ‸casacde}\n`,
    'routing.engine',
    '"casacde" is not possible',
    'did you mean cascade?',
  ],
  ['no workers', `${GPT}workers: ‸0\n`, 'workers', 'this number is too small', 'write at least 1'],
  [
    'a port out of range',
    `${GPT}listeners: [{type: model, port: ‸70000}]\n`,
    'listeners[0].port',
    'this number is too large',
  ],
  [
    'metrics on the listener port',
    `${GPT}metrics: {port: ‸12000}\n`,
    'metrics.port',
    'the model listener has this port',
  ],
  [
    'an empty list of models',
    `${GPT}routing_preferences: [{name: a, description: b, models: ‸[]}]\n`,
    'routing_preferences[0].models',
    'this is empty',
    'list at least one',
  ],
  // Variables
  [
    'an unset key',
    'model_providers:\n  - {model: openai/a, access_key: ‸$NOT_SET}\n',
    'model_providers[0].access_key',
    'the environment variable NOT_SET is not set',
    'set NOT_SET, or write passthrough_auth',
  ],
  [
    'a braced unset key',
    'model_providers:\n  - {model: openai/a, access_key: ‸"${NOT_SET}"}\n',
    'model_providers[0].access_key',
    'the environment variable NOT_SET is not set',
  ],
  [
    'an empty key',
    'model_providers:\n  - {model: openai/a, access_key: ‸$EMPTY}\n',
    'model_providers[0].access_key',
    'the environment variable EMPTY is not set',
  ],
  [
    'an unset variable elsewhere',
    'model_providers:\n  - {model: ollama/a, base_url: ‸$HOST_URL}\n',
    'model_providers[0].base_url',
    'the environment variable HOST_URL is not set',
    'set HOST_URL, or write $$',
  ],
  [
    'braces without a name',
    `${GPT}routing: {model: ‸"\${1}"}\n`,
    'routing.model',
    'the braces hold no variable name',
    'write ${NAME}',
  ],
  [
    'an open brace',
    'model_providers:\n  - {model: openai/a, access_key: ‸"${KEY"}\n',
    'model_providers[0].access_key',
    'the brace after $ is not closed',
    'write ${NAME}, or $$',
  ],
  // Providers
  ['no models', '‸version: v0.4.0\n', '', 'no model is declared', 'write model_providers:'],
  ['an empty list of providers', 'model_providers: ‸[]\n', 'model_providers', 'no model is declared'],
  [
    'both names of the list',
    `${GPT}‸llm_providers: []\n`,
    'llm_providers',
    'model_providers is here too',
    'keep model_providers only',
  ],
  [
    'a bare model id',
    'model_providers:\n  - {model: ‸gpt-4o, access_key: $KEY}\n',
    'model_providers[0].model',
    '"gpt-4o" does not name a provider',
    'write provider/model_id',
  ],
  [
    'a nested wildcard',
    'model_providers:\n  - {model: ‸together_ai/openai/*, access_key: $KEY}\n',
    'model_providers[0].model',
    'a wildcard stands for all models',
    'write together_ai/*',
  ],
  [
    'a mistyped provider',
    'model_providers:\n  - {model: ‸openia/gpt-4o, access_key: $KEY}\n',
    'model_providers[0].model',
    '"openia" is not a built-in provider',
    'did you mean openai? Otherwise',
  ],
  [
    'a custom provider without interface',
    'model_providers:\n  - {model: ‸acme/m, base_url: "http://h"}\n',
    'model_providers[0].model',
    '"acme" is not a built-in provider',
    'for a provider of your own',
  ],
  [
    'a custom provider without base_url',
    'model_providers:\n  - ‸model: acme/m\n    provider_interface: openai\n',
    'model_providers[0].base_url',
    'acme needs a base_url',
  ],
  [
    'an unknown interface',
    'model_providers:\n  - {model: acme/m, base_url: "http://h", provider_interface: ‸opnai}\n',
    'model_providers[0].provider_interface',
    '"opnai" is not a known interface',
    'did you mean openai?',
  ],
  [
    'nothing but a router',
    'model_providers: ‸[{model: plano/Plano-Orchestrator, base_url: "http://h"}]\n',
    'model_providers',
    'no model is declared that can answer: "plano/Plano-Orchestrator" only decides',
    'add an entry for each model to route to, such as - model: openai/gpt-4o',
  ],
  [
    'azure without base_url',
    'model_providers:\n  - ‸model: azure_openai/m\n    access_key: $KEY\n',
    'model_providers[0].base_url',
    'azure_openai needs a base_url',
  ],
  [
    'ollama without base_url',
    'model_providers:\n  - ‸model: ollama/m\n',
    'model_providers[0].base_url',
    'ollama needs a base_url',
  ],
  [
    'a base_url without scheme',
    'model_providers:\n  - {model: ollama/m, base_url: ‸localhost:11434}\n',
    'model_providers[0].base_url',
    'the URL must begin with http',
  ],
  [
    'a base_url that is none',
    'model_providers:\n  - {model: ollama/m, base_url: ‸"http://a b"}\n',
    'model_providers[0].base_url',
    'this is not a valid URL',
  ],
  [
    'a base_url with credentials',
    'model_providers:\n  - {model: ollama/m, base_url: ‸"http://u:sk-abc@h"}\n',
    'model_providers[0].base_url',
    'the URL holds credentials',
    'put the key into access_key',
  ],
  [
    'a base_url with a fragment',
    'model_providers:\n  - {model: ollama/m, base_url: ‸"http://h/#a"}\n',
    'model_providers[0].base_url',
    'the URL ends in a #fragment',
  ],
  [
    'tls for plain HTTP',
    'model_providers:\n  - {model: ollama/m, base_url: "http://h", tls: ‸{sni: a}}\n',
    'model_providers[0].tls',
    'TLS settings for a base_url without TLS',
  ],
  [
    'an http_host that is none',
    'model_providers:\n  - {model: openai/m, access_key: $KEY, http_host: ‸"https://h"}\n',
    'model_providers[0].http_host',
    'this is not a host name',
  ],
  [
    'no key for a hosted provider',
    'model_providers:\n  - ‸model: anthropic/m\n',
    'model_providers[0].access_key',
    'this key is missing',
    'write access_key: $ANTHROPIC_API_KEY',
  ],
  [
    'no key for azure',
    'model_providers:\n  - ‸model: azure_openai/m\n    base_url: https://h\n',
    'model_providers[0].access_key',
    'this key is missing',
  ],
  [
    'a key no header can carry',
    'model_providers:\n  - {model: openai/m, access_key: ‸"sk-a\\nb"}\n',
    'model_providers[0].access_key',
    'this key is empty or holds characters',
  ],
  [
    'a header of the gateway',
    'model_providers:\n  - {model: openai/m, access_key: $KEY, headers: {‸Host: h}}\n',
    'model_providers[0].headers.Host',
    'this header cannot be set here',
    'write http_host',
  ],
  [
    'a header name that is none',
    'model_providers:\n  - {model: openai/m, access_key: $KEY, headers: {‸"a b": h}}\n',
    'model_providers[0].headers["a b"]',
    'this is not a header name',
  ],
  [
    'a header value with a line break',
    'model_providers:\n  - {model: openai/m, access_key: $KEY, headers: {a: ‸"b\\r\\nc: d"}}\n',
    'model_providers[0].headers.a',
    'the value holds characters',
  ],
  [
    'a header in two cases',
    'model_providers:\n  - {model: openai/m, access_key: $KEY, headers: {a: b, ‸A: c}}\n',
    'model_providers[0].headers.A',
    'this header is here twice',
  ],
  [
    'a model declared twice',
    `${GPT}  - {model: ‸openai/gpt-4o, access_key: $KEY, name: other}\n`,
    'model_providers[1].model',
    'model_providers[0] has the same model',
  ],
  [
    'a model declared twice, with an alias of its id',
    `${GPT}  - {model: ‸openai/gpt-4o, access_key: $KEY, name: other}\nmodel_aliases: {fast: {target: gpt-4o}}\n`,
    'model_providers[1].model',
    'model_providers[0] has the same model',
  ],
  [
    'a name used twice',
    'model_providers:\n  - {model: openai/a, name: n, access_key: $KEY}\n  - {model: openai/b, name: ‸n, access_key: $KEY}\n',
    'model_providers[1].name',
    'model_providers[0] has the same name',
  ],
  [
    'two defaults',
    'model_providers:\n  - {model: openai/a, access_key: $KEY, default: true}\n  - {model: openai/b, access_key: $KEY, default: ‸true}\n',
    'model_providers[1].default',
    'model_providers[0] is the default already',
  ],
  [
    'a wildcard as default',
    'model_providers:\n  - {model: openai/*, access_key: $KEY, default: ‸true}\n',
    'model_providers[0].default',
    'a wildcard cannot be the default',
  ],
  [
    'a wildcard with preferences',
    'model_providers:\n  - {model: openai/*, access_key: $KEY, ‸routing_preferences: [{name: a, description: b}]}\n',
    'model_providers[0].routing_preferences',
    'a wildcard cannot have routing preferences',
  ],
  [
    'a CA file that is not there',
    'model_providers:\n  - {model: openai/m, access_key: $KEY, tls: {ca_file: ‸/gone.pem}}\n  - {model: groq/m, access_key: $KEY, tls: {ca_file: /here.pem}}\n',
    'model_providers[0].tls.ca_file',
    'this file does not exist or cannot be read',
    'write the path of a file',
  ],
  [
    'a CA file for all that is not there',
    `${GPT}overrides: {upstream_tls_ca_path: ‸/gone.pem}\n`,
    'overrides.upstream_tls_ca_path',
    'this file does not exist',
  ],
  // Listeners, routes, aliases
  [
    'a listener on a name',
    `${GPT}listeners:\n  - type: agent\n  - {type: model, address: ‸localhost}\n`,
    'listeners[1].address',
    '"localhost" is not an IP address',
    'write 127.0.0.1 for this machine only, or 0.0.0.0',
  ],
  [
    'an old listener on a name',
    `${GPT}listeners: {egress_traffic: {address: ‸localhost}}\n`,
    'listeners.egress_traffic.address',
    '"localhost" is not an IP address',
  ],
  [
    'two model listeners',
    `${GPT}listeners:\n  - type: model\n  - ‸type: model\n    port: 1\n`,
    'listeners[1]',
    'there is a model listener already',
  ],
  [
    'a route of an undeclared model',
    `${GPT}routing_preferences:\n  - {name: a, description: b, models: [gpt-4o, ‸openai/gpt-4]}\n`,
    'routing_preferences[0].models[1]',
    '"openai/gpt-4" is not declared',
    'did you mean openai/gpt-4o?',
  ],
  [
    'a route with a model twice',
    `${GPT}routing_preferences:\n  - {name: a, description: b, models: [gpt-4o, ‸openai/gpt-4o]}\n`,
    'routing_preferences[0].models[1]',
    'this model is listed twice',
  ],
  [
    'an ambiguous bare id',
    `${GPT}  - {model: azure_openai/gpt-4o, access_key: $KEY, base_url: "https://h"}\nmodel_aliases: {fast: {target: ‸gpt-4o}}\n`,
    'model_aliases.fast.target',
    '"gpt-4o" is the id of several models',
    'write one of openai/gpt-4o, azure_openai/gpt-4o',
  ],
  [
    'a route name used twice',
    `${GPT}routing_preferences:\n  - {name: a, description: b, models: [gpt-4o]}\n  - {name: ‸a, description: c, models: [gpt-4o]}\n`,
    'routing_preferences[1].name',
    'routing_preferences[0] has the same name',
  ],
  [
    'one route under two models',
    `${GPT.trimEnd().replace('}', ', routing_preferences: [{name: a, description: b}]}')}\n${MINI.trimEnd().replace('}', ', routing_preferences: [{name: ‸a, description: b}]}')}\n`,
    'model_providers[1].routing_preferences[0].name',
    'model_providers[0].routing_preferences[0] has the same name',
    'give each route a name of its own; for several models',
  ],
  [
    'one route in both forms',
    `model_providers:\n  - {model: openai/gpt-4o, access_key: $KEY, routing_preferences: [{name: ‸a, description: b}]}\nrouting_preferences:\n  - {name: a, description: b, models: [gpt-4o]}\n`,
    'model_providers[0].routing_preferences[0].name',
    'routing_preferences[0] has the same name',
  ],
  [
    'an alias of an unknown model',
    `${GPT}model_aliases: {fast: {target: ‸gpt-5}}\n`,
    'model_aliases.fast.target',
    '"gpt-5" is not declared',
  ],
  [
    'a chain of aliases',
    `${GPT}model_aliases: {fast: {target: ‸quick}, quick: {target: gpt-4o}}\n`,
    'model_aliases.fast.target',
    '"quick" is an alias itself',
    'aliases take one hop',
  ],
  [
    'an alias with the full id of a model',
    `${GPT}${MINI}model_aliases: {‸openai/gpt-4o: {target: gpt-4o-mini}}\n`,
    'model_aliases["openai/gpt-4o"]',
    'this name leads to openai/gpt-4o already',
    'give the alias a name',
  ],
  [
    'an alias with the name of an entry',
    'model_providers:\n  - {model: openai/a, name: house, access_key: $KEY}\n  - {model: openai/b, access_key: $KEY}\nmodel_aliases: {‸house: {target: b}}\n',
    'model_aliases.house',
    'this name leads to openai/a already',
  ],
  [
    'an alias that a wildcard covers',
    `${GPT}  - {model: groq/*, access_key: $KEY}\nmodel_aliases: {‸groq/fast: {target: gpt-4o}}\n`,
    'model_aliases["groq/fast"]',
    'this name leads to the wildcard groq/* already',
  ],
  [
    'a router URL that is none',
    `${GPT}routing: {base_url: ‸localhost}\n`,
    'routing.base_url',
    'the URL must begin with http',
  ],
];

describe('what is refused', () => {
  test.each(REFUSALS)('%s', (_, marked, path, message, hint) => {
    const { text, line, column } = markedYaml(marked);
    const problems = problemsOf(text);
    const problem = problems.find((candidate) => candidate.line === line && candidate.column === column);
    expect(problem ?? problems).toMatchObject({ file: 'c.yaml', line, column, path });
    expect(problem?.message.slice(0, message.length)).toBe(message);
    if (hint !== undefined) expect(problem?.hint?.slice(0, hint.length)).toBe(hint);
  });

  test('each with nothing but itself', () => {
    // A problem must not drag others along, such as models that seem undeclared since their entry was refused.
    const withConsequences = ['an unknown key with a secret in it'];
    for (const [name, marked] of REFUSALS) {
      if (withConsequences.includes(name)) continue;
      expect([name, problemsOf(markedYaml(marked).text).length]).toEqual([name, 1]);
    }
  });
});

describe('the error', () => {
  test('is ready to print', () => {
    const text =
      'model_providers:\n  - model: openai/gpt-4o\n    acess_key: $KEY\n    passthrough_auth: true\n';
    expect(() => loadConfig(text, { file: 'config.yaml', env: ENV, cores: 1 })).toThrow(
      'config.yaml:3:5 model_providers[0].acess_key: unknown key; did you mean access_key?',
    );
  });

  test('holds all problems, in the order of the file', () => {
    const problems = problemsOf(`
workers: none
listeners:
  - {type: modl}
model_providers:
  - {model: openai/gpt-4o, acces_key: $KEY, access_key: $MISSING}
  - {model: gpt-4o}
  - {model: openai/b, access_key: $KEY, default: true}
  - {model: openai/c, access_key: $KEY, default: true}
routing: {engine: magic, timeout: 2}
`);
    expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '2 workers',
      '4 listeners[0].type',
      '6 model_providers[0].acces_key',
      '6 model_providers[0].access_key',
      '7 model_providers[1].model',
      '9 model_providers[3].default',
      '10 routing.engine',
      '10 routing.timeout',
    ]);
  });

  test('does not call models undeclared whose entry has a problem', () => {
    const problems = problemsOf(
      'model_providers: [{model: openai/a, access_key: 1}]\nmodel_aliases: {fast: {target: a}}\n',
    );
    expect(problems.map(({ path }) => path)).toEqual(['model_providers[0].access_key']);
  });

  test('finds the place through anchors', () => {
    const [problem] = problemsOf(
      'model_providers:\n  - &first {model: openai/a, access_key: $KEY, tsl: {}}\n  - <<: *first\n    model: openai/b\n',
    );
    expect(problem).toMatchObject({ line: 2, path: 'model_providers[0].tsl' });
  });

  test('survives what would exhaust a parser', () => {
    expect(problemsOf('['.repeat(100_000))).toHaveLength(1);
    expect(problemsOf(`a: ${'{a: '.repeat(2000)}`)).toMatchObject([{ message: 'this is nested too deeply' }]);
    expect(problemsOf(`a: ${'['.repeat(100)}${']'.repeat(100)}`)).toMatchObject([
      { message: 'this is nested too deeply' },
    ]);
    expect(problemsOf('a: &a [*a]')).not.toEqual([]);
    const laughs = Array.from(
      { length: 12 },
      (_, n) => `k${n}: &k${n} [${n === 0 ? 'x' : `*k${n - 1},`.repeat(9)}]`,
    );
    expect(problemsOf(laughs.join('\n'))).not.toEqual([]);
  });
});
