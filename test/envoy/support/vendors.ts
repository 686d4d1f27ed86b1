// The providers that most tests need, and the configuration that leads to them.

import { type FakeProvider, type ProviderRules, startFakeProvider } from './fake-provider.ts';
import { KEYS } from './keys.ts';

export interface Vendors {
  readonly openai: FakeProvider;
  readonly anthropic: FakeProvider;
  /** @throws where a provider received what it must not */
  verify(): void;
  reset(): void;
  close(): Promise<void>;
}

export const CLAUDE = 'claude-sonnet-4-20250514';

export async function startVendors(more: Pick<ProviderRules, 'seesAttempts'> = {}): Promise<Vendors> {
  const openai = await startFakeProvider({
    paths: { '/v1/chat/completions': 'openai-chat', '/v1/responses': 'openai-responses' },
    credential: ['authorization', `Bearer ${KEYS.openai}`],
    models: ['gpt-4o', 'gpt-4o-mini'],
    ...more,
  });
  const anthropic = await startFakeProvider({
    paths: { '/v1/messages': 'anthropic-messages' },
    credential: ['x-api-key', KEYS.anthropic],
    models: [CLAUDE],
    ...more,
  });
  return {
    openai,
    anthropic,
    verify() {
      const violations = [...openai.violations, ...anthropic.violations];
      if (violations.length > 0) throw new Error(`a provider received: ${violations.join('; ')}`);
    },
    reset() {
      openai.reset();
      anthropic.reset();
    },
    async close() {
      await Promise.all([openai.close(), anthropic.close()]);
    },
  };
}

/** Three models of two vendors, without routes; the model that a request names decides. */
export function providersAt({ openai, anthropic }: Pick<Vendors, 'openai' | 'anthropic'>): object[] {
  return [
    { model: 'openai/gpt-4o-mini', base_url: openai.url, access_key: '$OPENAI_API_KEY', default: true },
    { model: 'openai/gpt-4o', base_url: openai.url, access_key: '$OPENAI_API_KEY' },
    { model: `anthropic/${CLAUDE}`, base_url: anthropic.url, access_key: '$ANTHROPIC_API_KEY' },
  ];
}

export function listener(more: object = {}): object[] {
  return [{ type: 'model', name: 'main', address: '127.0.0.1', port: 12_000, ...more }];
}

/** Routes for the models of one vendor, so that every caller of its dialect can be served. */
export const CODE_ROUTE = {
  name: 'code_generation',
  description: 'generating new code, writing functions, or creating boilerplate',
};
export const REASONING_ROUTE = {
  name: 'complex_reasoning',
  description: 'complex reasoning tasks, multi-step analysis, or detailed explanations',
};
