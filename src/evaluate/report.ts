// What came of a file of tasks, as plain text for `pointsman eval`. Pure.

import { certaintyOf } from '../decide/intent-router.ts';
import { type ChainDecision, embeddedAnswer } from '../decide/router-chain.ts';
import { calibrationError, levelsOf, type SureDecision } from './calibration-summary.ts';
import { formatTally, tallyOf } from './tally.ts';
import type { RoutingTask } from './task-file.ts';

export interface DecidedTask {
  readonly task: RoutingTask;
  readonly decision: ChainDecision;
}

const MOST_CONFUSIONS = 10;
const MOST_WORST = 10;
const LEVELS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const LONGEST_PROMPT = 90;

export function isRight({ task, decision }: DecidedTask): boolean {
  // A router that did not answer said nothing, also where nothing was right.
  return decision.engine !== null && decision.route === task.expected;
}

/** @param confidence the configured one: it has a row of its own. Ends with a line feed. */
export function describeResults(results: readonly DecidedTask[], confidence: number): string {
  const sections = [
    accuracy(results),
    section('Engines', engineRows(results)),
    section('Routes', routeRows(results)),
    section('Most frequent confusions', confusionRows(results)),
    section('Worst cases, the surest first', worstRows(results)),
    section('Confidence of the embedded router', confidenceRows(results, confidence)),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function accuracy(results: readonly DecidedTask[]): string {
  const inScope = results.filter(({ task }) => task.expected !== null);
  const none = results.filter(({ task }) => task.expected === null);
  const times = results.map(({ decision }) => decision.milliseconds).sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
  return [
    'Per cent right ± standard error (tasks)',
    `  overall   ${formatTally(tallyOf(results, isRight))}`,
    `  in scope  ${formatTally(tallyOf(inScope, isRight))}`,
    `  none      ${formatTally(tallyOf(none, isRight))}`,
    `Milliseconds  p50 ${at(0.5)}, p95 ${at(0.95)}`,
  ].join('\n');
}

function engineRows(results: readonly DecidedTask[]): string[] {
  const rows = [...Map.groupBy(results, ({ decision }) => decision.engine ?? 'no answer')].map(
    ([engine, those]) => `${engine}  ${formatTally(tallyOf(those, isRight))}`,
  );
  const causes = results.flatMap(({ decision }) =>
    decision.failures.map(({ engine, failure }) => `${engine}:${failure}`),
  );
  for (const [cause, those] of Map.groupBy(causes, (each) => each))
    rows.push(`without an answer: ${cause} (${those.length})`);
  return [...rows, ...cascadeRows(results)];
}

function cascadeRows(results: readonly DecidedTask[]): string[] {
  const asked = results.filter(({ decision }) => decision.cascade !== undefined);
  if (asked.length === 0) return [];
  const changed = asked.filter(({ decision }) => decision.cascade?.outcome === 'changed');
  const better = changed.filter(isRight).length;
  const worse = changed.filter(
    ({ task, decision }) => decision.cascade?.doubted.route === task.expected,
  ).length;
  return [
    `cascades: ${asked.length}, of which ${changed.length} changed the route, ${better} for the better and ${worse} for the worse`,
  ];
}

function routeRows(results: readonly DecidedTask[]): string[] {
  const names = [
    ...new Set(results.flatMap(({ task, decision }) => [nameOf(task.expected), nameOf(decision.route)])),
  ].sort();
  const width = Math.max(...names.map(({ length }) => length));
  return names.map((name) => {
    const own = results.filter(({ task }) => nameOf(task.expected) === name);
    const chosen = results.filter(
      ({ decision }) => decision.engine !== null && nameOf(decision.route) === name,
    );
    const right = own.filter(isRight).length;
    return `${name.padEnd(width)}  ${right} of ${own.length} found; ${right} of ${chosen.length} answers right`;
  });
}

function confusionRows(results: readonly DecidedTask[]): string[] {
  const wrong = results.filter((result) => !isRight(result) && result.decision.engine !== null);
  const pairs = Map.groupBy(
    wrong,
    ({ task, decision }) => `${nameOf(task.expected)} taken for ${nameOf(decision.route)}`,
  );
  return [...pairs]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_CONFUSIONS)
    .map(([pair, those]) => `${those.length}  ${pair}, such as: ${promptOf(those[0])}`);
}

function worstRows(results: readonly DecidedTask[]): string[] {
  return results
    .filter((result) => !isRight(result))
    .map((result) => ({ result, certainty: certaintyOf(result.decision) }))
    .sort((a, b) => (b.certainty ?? 0) - (a.certainty ?? 0))
    .slice(0, MOST_WORST)
    .map(({ result, certainty }) => {
      const said = result.decision.engine === null ? 'no answer' : nameOf(result.decision.route);
      const sure = certainty === undefined ? '   ?' : (Math.floor(certainty * 100) / 100).toFixed(2);
      return `${sure}  ${said} instead of ${nameOf(result.task.expected)}: ${promptOf(result)}`;
    });
}

function confidenceRows(results: readonly DecidedTask[], confidence: number): string[] {
  const decisions = results.flatMap((result): SureDecision[] => {
    const answer = embeddedAnswer(result.decision);
    const certainty = answer && certaintyOf(answer);
    if (answer === undefined || certainty === undefined) return [];
    return [{ certainty, isRight: answer.route === result.task.expected }];
  });
  if (decisions.length === 0) return [];
  const levels = [...new Set([...LEVELS, confidence])].sort((a, b) => a - b);
  return [
    ...levelsOf(decisions, levels).map((level) => {
      const share = ((100 * level.count) / decisions.length).toFixed(0);
      const right = level.count === 0 ? '-' : `${((100 * level.right) / level.count).toFixed(1)} %`;
      const mark = level.confidence === confidence ? '   routing.confidence' : '';
      return `at least ${level.confidence.toFixed(2)} sure  ${share.padStart(3)} % of the tasks, ${right} of them right${mark}`;
    }),
    `expected calibration error ${calibrationError(decisions).toFixed(3)}`,
  ];
}

function nameOf(route: string | null): string {
  return route ?? 'none';
}

function promptOf(result: DecidedTask | undefined): string {
  const text = (result?.task.turns.at(-1)?.text ?? '').replaceAll(/\s+/g, ' ').trim();
  return text.length <= LONGEST_PROMPT ? text : `${text.slice(0, LONGEST_PROMPT - 1)}…`;
}

function section(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : [title, ...rows.map((row) => `  ${row}`)].join('\n');
}
