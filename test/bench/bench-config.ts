// The gateway configurations that the benchmark runs, as the YAML that an operator would write.

import type { ClientDialect } from '../../src/contract/dialect.ts';
import { ROUTES } from './requests.ts';

/** What the provider is called, and the model that a request names so that its body passes unchanged. */
export const MODEL = 'bench-model';
/** An alias: the model's name in the body has to be replaced. */
export const ALIAS = 'bench-alias';

/** A model behind each dialect, for requests that come in another. */
export const MODEL_OF_DIALECT: Readonly<Record<ClientDialect, string>> = {
  'openai-chat': MODEL,
  'openai-responses': 'bench-responses',
  'anthropic-messages': 'bench-messages',
  gemini: 'bench-gemini',
};
/** The same model as MODEL, with another to go on to. */
export const CHAINED = 'bench-chained';

const INTERFACES: Readonly<Record<ClientDialect, string>> = {
  'openai-chat': 'openai',
  'openai-responses': 'openai_responses',
  'anthropic-messages': 'anthropic',
  gemini: 'gemini',
};

export interface BenchConfig {
  readonly providerPort: number;
  /** `none`: the model that the request names answers, nothing is decided. */
  readonly engine: 'none' | 'embedded' | 'arch-router';
  /** With models of other dialects, and one that another follows. */
  readonly more?: boolean;
}

export function benchConfig({ providerPort, engine, more = false }: BenchConfig): string {
  const provider = `http://127.0.0.1:${providerPort}`;
  const lines = [
    'version: v0.4.0',
    'workers: 1',
    'listeners:',
    '  - { type: model, name: bench, address: 127.0.0.1, port: 12000 }',
    'model_providers:',
    `  - { model: bench/${MODEL}, access_key: $BENCH_KEY, base_url: ${provider}, provider_interface: openai }`,
    ...(more ? moreProviders(provider) : []),
    'model_aliases:',
    `  ${ALIAS}: { target: ${MODEL} }`,
    'routing:',
    `  engine: ${engine}`,
    ...(engine === 'arch-router' ? [`  base_url: ${provider}`, '  model: bench-router'] : []),
  ];
  if (engine !== 'none') {
    lines.push('routing_preferences:');
    for (const [name, description] of ROUTES)
      lines.push(
        `  - { name: ${name}, description: ${JSON.stringify(description)}, models: [bench/${MODEL}] }`,
      );
  }
  return `${lines.join('\n')}\n`;
}

function moreProviders(base_url: string): string[] {
  const entry = (model: string, dialect: ClientDialect, rest = ''): string =>
    `  - { model: bench-${dialect}/${model}, access_key: $BENCH_KEY, base_url: ${base_url}, provider_interface: ${INTERFACES[dialect]}${rest} }`;
  const others = (Object.keys(INTERFACES) as ClientDialect[]).filter((dialect) => dialect !== 'openai-chat');
  return [
    ...others.map((dialect) => entry(MODEL_OF_DIALECT[dialect], dialect)),
    entry(
      CHAINED,
      'openai-chat',
      `, fallback: [bench-anthropic-messages/${MODEL_OF_DIALECT['anthropic-messages']}]`,
    ),
  ];
}
