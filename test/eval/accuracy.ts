// Asks a router every task of a set and counts. Called by evaluate-routing.ts.

import { createHash } from 'node:crypto';
import { type IntentRouter, RouterError } from '../../src/decide/intent-router.ts';
import type { Tally } from '../../src/evaluate/tally.ts';
import type { RoutingTask } from '../../src/evaluate/task-file.ts';

export interface Accuracy {
  /** Tasks that have a right route. */
  readonly inScope: Tally;
  /** Tasks where no route fits. */
  readonly none: Tally;
  readonly overall: Tally;
  /** Tasks that the router did not answer; they count as wrong. */
  readonly failed: number;
}

/** One entry per task: whether the router was right, or undefined where it failed. */
export type Verdicts = readonly (boolean | undefined)[];

export async function askAll(
  router: IntentRouter,
  tasks: readonly RoutingTask[],
  deadline: number,
): Promise<Verdicts> {
  const verdicts: (boolean | undefined)[] = [];
  for (const { routes, turns, expected } of tasks) {
    const routesId = createHash('sha256').update(JSON.stringify(routes)).digest('hex');
    try {
      const answer = await router.decide({ routes, routesId, turns }, AbortSignal.timeout(deadline));
      verdicts.push(answer.route === expected);
    } catch (thrown) {
      if (!(thrown instanceof RouterError)) throw thrown;
      verdicts.push(undefined);
    }
  }
  return verdicts;
}

export function accuracyOf(tasks: readonly RoutingTask[], verdicts: Verdicts): Accuracy {
  const tally = (counts: (task: RoutingTask) => boolean): Tally => {
    const counted = verdicts.filter((_, index) => {
      const task = tasks[index];
      return task !== undefined && counts(task);
    });
    return { right: counted.filter((verdict) => verdict === true).length, of: counted.length };
  };
  return {
    inScope: tally((task) => task.expected !== null),
    none: tally((task) => task.expected === null),
    overall: tally(() => true),
    failed: verdicts.filter((verdict) => verdict === undefined).length,
  };
}
