// Questions that the tests of decide/ share.

import type { Turn } from '../../../src/conversation/turn.ts';
import type { IntentRouter, RouterQuestion } from '../../../src/decide/intent-router.ts';

export const ROUTES: RouterQuestion['routes'] = [
  {
    name: 'code_generation',
    description: 'generating new code, writing functions',
    examples: ['write a parser'],
  },
  { name: 'complex_reasoning', description: 'multi-step analysis', examples: [] },
];

export function ask(text: string, ...earlier: readonly Turn[]): RouterQuestion {
  return { routes: ROUTES, routesId: 'routes-1', turns: [...earlier, { role: 'user', text }] };
}

/** An engine that answers as told. */
export function scriptedRouter(
  engine: IntentRouter['engine'],
  decide: IntentRouter['decide'],
): IntentRouter & { calls: number } {
  const router = {
    engine,
    calls: 0,
    decide: (question: RouterQuestion, signal: AbortSignal) => {
      router.calls++;
      return decide(question, signal);
    },
  };
  return router;
}
