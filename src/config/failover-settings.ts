// failover: when and how the next model of a list is tried. Called by load-config.ts.

import { MOST_ATTEMPTS } from '../contract/owned-headers.ts';
import type { ConfigFile, FailoverEntry } from './config-file.ts';
import type { FailoverConfig, OutlierDetection, RoutePolicy, Target } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';
import type { ProblemList } from './problem-list.ts';

/** What `failover.on` may name, besides single status codes. */
export const FAILOVER_CONDITIONS = ['connect-failure', 'reset', '429', '5xx', 'first-byte-timeout'] as const;

export function readFailover({ failover }: ConfigFile, context: LoadContext): FailoverConfig {
  const { problems } = context;
  const on: readonly string[] = failover?.on ?? FAILOVER_CONDITIONS;
  if (on.includes('first-byte-timeout') && !on.includes('reset')) {
    context.warn(
      'failover.on: first-byte-timeout without reset: connections that break are moved on from too, since Envoy does not tell the two apart',
    );
  }
  const statuses = on.filter((condition) => /^\d\d\d$/.test(condition)).map(Number);
  const base = failover?.back_off?.base ?? 100;
  const max = failover?.back_off?.max ?? 2_000;
  if (max < base) {
    problems.add(
      ['failover', 'back_off', failover?.back_off?.max === undefined ? 'base' : 'max'],
      'the longest wait is shorter than the first',
      'write base: and max: with max the longer one; their defaults are 100ms and 2s',
    );
  }
  return {
    on: {
      connectFailure: on.includes('connect-failure'),
      reset: on.includes('reset'),
      firstByteTimeout: on.includes('first-byte-timeout'),
      serverErrors: on.includes('5xx'),
      statuses: [...new Set(statuses)].sort((left, right) => left - right),
    },
    attemptsPerTarget: failover?.attempts_per_target ?? 1,
    perTryTimeout: failover?.per_try_timeout ?? 120_000,
    firstByteTimeout: failover?.first_byte_timeout ?? 30_000,
    backOff: { base, max },
    outlierDetection: readOutlierDetection(failover, on, problems),
  };
}

/** A provider that is passed over is one that refuses the connection. */
function readOutlierDetection(
  failover: FailoverEntry | undefined,
  on: readonly string[],
  problems: ProblemList,
): OutlierDetection | undefined {
  const written = failover?.outlier_detection;
  const consecutiveFailures = written?.consecutive_failures ?? 5;
  if (consecutiveFailures === 0) return undefined;
  if (on.includes('connect-failure')) {
    return { consecutiveFailures, ejectionTime: written?.ejection_time ?? 30_000 };
  }
  if (written !== undefined) {
    problems.add(
      ['failover', 'outlier_detection'],
      'a provider that is passed over counts as one that cannot be connected to, which is no reason to try the next model here',
      'add connect-failure to on:, or leave this out',
    );
  }
  return undefined;
}

/** Envoy's configuration holds so many attempts; what would come after them is never tried. */
export function warnAboutLongLists(
  { attemptsPerTarget }: FailoverConfig,
  targets: readonly Target[],
  policy: RoutePolicy | undefined,
  context: LoadContext,
): void {
  const lists: readonly (readonly [name: string, length: number])[] = [
    ...targets.map(({ name, fallback }) => [name, 1 + fallback.length] as const),
    ...(policy?.routes ?? []).map(({ name, models }) => [`route ${name}`, models.length] as const),
  ];
  for (const [name, length] of lists) {
    // One model alone is the listener's affair.
    if (length < 2 || length * attemptsPerTarget <= MOST_ATTEMPTS) continue;
    context.warn(
      `${name}: its ${length} models with ${attemptsPerTarget} attempts each are more than the ${MOST_ATTEMPTS} attempts that one request gets; the last are never tried`,
    );
  }
}
