// The gateway configurations that the benchmark runs, as the YAML that an operator would write.

import { ROUTES } from './requests.ts';

/** What the provider is called, and the model that a request names so that its body passes unchanged. */
export const MODEL = 'bench-model';
/** An alias: the model's name in the body has to be replaced. */
export const ALIAS = 'bench-alias';

export interface BenchConfig {
  readonly providerPort: number;
  /** `none`: the model that the request names answers, nothing is decided. */
  readonly engine: 'none' | 'embedded' | 'arch-router';
}

export function benchConfig({ providerPort, engine }: BenchConfig): string {
  const provider = `http://127.0.0.1:${providerPort}`;
  const lines = [
    'version: v0.4.0',
    'workers: 1',
    'listeners:',
    '  - { type: model, name: bench, address: 127.0.0.1, port: 12000 }',
    'model_providers:',
    `  - { model: bench/${MODEL}, access_key: $BENCH_KEY, base_url: ${provider}, provider_interface: openai }`,
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
