// Arch-Router's client against a real Ollama, where one is: protocol, context and failure handling, with any small
// model. Whether the model routes well is the evaluation's business. Skipped, with the reason in the suite's name and on
// stderr, where OLLAMA_HOST (else 127.0.0.1:11434) does not answer or has not the model POINTSMAN_TEST_OLLAMA_MODEL.

import { afterAll, describe, expect, test } from 'vitest';
import { ArchRouter } from '../../src/decide/arch-router/arch-router.ts';
import { valueAt } from '../../src/decide/arch-router/chat-client.ts';
import { JsonEndpoint } from '../../src/decide/arch-router/json-endpoint.ts';
import { ask, ROUTES } from '../unit/decide/questions.ts';

const MINUTES = 60_000;
const NAMES: readonly (string | null)[] = [...ROUTES.map((route) => route.name), null];

const baseUrl = baseUrlOf(process.env['OLLAMA_HOST'] ?? '127.0.0.1:11434');
const model = process.env['POINTSMAN_TEST_OLLAMA_MODEL'] ?? '';
const obstacle = await findObstacle();
if (obstacle !== undefined) process.stderr.write(`\nreal Ollama tests skipped: ${obstacle}\n`);

describe.skipIf(obstacle !== undefined)(
  `real Ollama${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`,
  () => {
    const router = new ArchRouter({ baseUrl, model });
    const openAi = new ArchRouter({ baseUrl: `${baseUrl}/v1`, model });
    afterAll(() => {
      router.close();
      openAi.close();
    });

    test('the server check finds nothing to complain about', async () => {
      expect(await router.checkServer()).toEqual([]);
    });

    test('a model that is not there', async () => {
      const missing = new ArchRouter({ baseUrl, model: 'pointsman-no-such-model:q4' });
      expect(await missing.checkServer()).toEqual([
        expect.stringContaining('ollama pull pointsman-no-such-model:q4'),
      ]);
      await expect(missing.decide(ask('x'), AbortSignal.timeout(5_000))).rejects.toMatchObject({
        failure: 'http-error',
      });
      missing.close();
    });

    test('warms up, then answers with one of the routes or none', { timeout: 5 * MINUTES }, async () => {
      await router.warmUp(ask('hello'));
      for (const text of [
        'write a function that sorts numbers',
        'why is the sky blue?',
        'übersetze das 🚂',
      ]) {
        const answer = await router.decide(ask(text), AbortSignal.timeout(MINUTES));
        expect(NAMES).toContain(answer.route);
      }
    });

    test('the same question gets the same answer', { timeout: 2 * MINUTES }, async () => {
      const question = ask('write a function that sorts numbers');
      const first = await router.decide(question, AbortSignal.timeout(MINUTES));
      expect(await router.decide(question, AbortSignal.timeout(MINUTES))).toEqual(first);
    });

    test('a conversation that fills the budget fits into the context', { timeout: 5 * MINUTES }, async () => {
      const prose = 'The quick brown fox jumps over the lazy dog. '.repeat(1_000);
      const answer = await router.decide(ask(prose), AbortSignal.timeout(4 * MINUTES));
      expect(NAMES).toContain(answer.route);
    });

    test('what does not fit is refused, not cut silently', { timeout: 5 * MINUTES }, async () => {
      // One token per digit: twice what the context holds, though within the budget by bytes.
      const digits = ask('7'.repeat(100_000));
      await expect(router.decide(digits, AbortSignal.timeout(4 * MINUTES))).rejects.toMatchObject({
        failure: 'http-error',
      });
    });

    test('a deadline ends the call at once, and the server goes on', { timeout: 5 * MINUTES }, async () => {
      const unseen = ask(`a text that was never seen before: ${Math.random()} `.repeat(100));
      const begun = performance.now();
      await expect(router.decide(unseen, AbortSignal.timeout(30))).rejects.toMatchObject({
        failure: 'timeout',
      });
      expect(performance.now() - begun).toBeLessThan(1_000);
      const answer = await router.decide(ask('hello'), AbortSignal.timeout(4 * MINUTES));
      expect(NAMES).toContain(answer.route);
    });

    test('its OpenAI-compatible API answers too', { timeout: 5 * MINUTES }, async () => {
      expect(await openAi.checkServer()).toEqual([]);
      const question = ask('write a function that sorts numbers');
      const answer = await openAi.decide(question, AbortSignal.timeout(4 * MINUTES));
      expect(NAMES).toContain(answer.route);
    });
  },
);

function baseUrlOf(host: string): string {
  if (host.includes('://')) return host.replace(/\/+$/, '');
  return `http://${host.replace(/^0\.0\.0\.0/, '127.0.0.1')}`;
}

async function findObstacle(): Promise<string | undefined> {
  const endpoint = new JsonEndpoint({ baseUrl }, 8_388_608);
  try {
    const list = await endpoint.call({ method: 'GET', path: '/api/tags' }, AbortSignal.timeout(1_000));
    const models = valueAt(list.body, 'models');
    if (!Array.isArray(models)) return `${baseUrl} does not answer like Ollama`;
    if (model === '') return 'POINTSMAN_TEST_OLLAMA_MODEL names no model';
    const names = models.map((entry) => valueAt(entry, 'name'));
    return names.includes(model) ? undefined : `${baseUrl} has no model ${model}, only: ${names.join(', ')}`;
  } catch {
    return `no Ollama at ${baseUrl}`;
  } finally {
    endpoint.close();
  }
}
