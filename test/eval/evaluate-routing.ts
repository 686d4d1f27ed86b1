// Measures how often each engine routes right: on the project's own tasks, and on the public sets of a data directory.
//   node test/eval/evaluate-routing.ts [DATA] [--tasks N] [--seed N] [--threshold T] [--latency] [--failures]
//                                      [--base-url URL [--model M] [--timeout MS]]

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ArchRouter } from '../../src/decide/arch-router/arch-router.ts';
import { type EmbeddedModel, loadEmbeddedModel } from '../../src/decide/embedded/embedded-model.ts';
import { EmbeddedRouter } from '../../src/decide/embedded/embedded-router.ts';
import type { IntentRouter } from '../../src/decide/intent-router.ts';
import { formatTally } from '../../src/evaluate/tally.ts';
import type { RoutingTask } from '../../src/evaluate/task-file.ts';
import { accuracyOf, askAll, type Verdicts } from './accuracy.ts';
import { measureLatency } from './latency.ts';
import { loadOwnSets } from './own-sets.ts';
import { loadProjectTasks, TASK_KINDS } from './project-tasks.ts';
import { loadPublicSets } from './public-sets.ts';

const MODEL_DIRECTORY = fileURLToPath(new URL('../../model', import.meta.url));
const LATENCY_ROUNDS = 300;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tasks: { type: 'string', default: '450' },
    seed: { type: 'string', default: '1' },
    threshold: { type: 'string', default: '0.6' },
    latency: { type: 'boolean', default: false },
    failures: { type: 'boolean', default: false },
    'base-url': { type: 'string' },
    model: { type: 'string', default: 'hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M' },
    timeout: { type: 'string', default: '60000' },
  },
});

const count = wholeNumber('tasks', options.tasks);
const seed = wholeNumber('seed', options.seed);
const begin = performance.now();
const model = await loadEmbeddedModel(MODEL_DIRECTORY);
print(`embedded model loaded in ${Math.round(performance.now() - begin)} ms`);
if (options.latency) await reportLatency(model);
else await reportAccuracy(model);
await model.encoder.close();

async function reportLatency(loaded: EmbeddedModel): Promise<void> {
  const rows = await measureLatency(new EmbeddedRouter(loaded, { threshold: 0.6 }), LATENCY_ROUNDS);
  print('tokens  p50 ms  p95 ms   (one decision among 10 routes that were seen before)');
  for (const { tokens, median, p95 } of rows) {
    print(`${`${tokens}`.padStart(6)}  ${median.toFixed(2).padStart(6)}  ${p95.toFixed(2).padStart(6)}`);
  }
  print(`RSS ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
}

async function reportAccuracy(loaded: EmbeddedModel): Promise<void> {
  const engines: IntentRouter[] = [new EmbeddedRouter(loaded, { threshold: Number(options.threshold) })];
  const baseUrl = options['base-url'];
  const archRouter = baseUrl === undefined ? undefined : new ArchRouter({ baseUrl, model: options.model });
  if (archRouter !== undefined) engines.push(archRouter);
  const directory = positionals[0];
  const publicSets = directory === undefined ? [] : loadPublicSets({ directory, count, seed });
  const sets = [...publicSets, ...loadOwnSets({ count, seed })];
  print(`seed ${seed}, per cent right ± standard error (tasks)`);
  for (const engine of engines) {
    print(
      `\n${'engine'.padEnd(12)} ${'set'.padEnd(40)} ${'in scope'.padEnd(18)} ${'none'.padEnd(18)} overall`,
    );
    const ask = (tasks: readonly RoutingTask[]): Promise<Verdicts> =>
      askAll(engine, tasks, wholeNumber('timeout', options.timeout));
    for (const { title, tasks } of sets) printRow(engine, title, tasks, await ask(tasks));
    const own = loadProjectTasks();
    const verdicts = await ask(own);
    printRow(engine, 'own tasks', own, verdicts);
    for (const kind of TASK_KINDS) {
      const chosen = own.map((task) => task.kinds.includes(kind));
      printRow(
        engine,
        `  ${kind}`,
        own.filter((_, index) => chosen[index]),
        verdicts.filter((_, index) => chosen[index]),
      );
    }
    if (options.failures) for (const task of own.filter((_, index) => !verdicts[index])) printMiss(task);
  }
  archRouter?.close();
}

function printRow(
  engine: IntentRouter,
  title: string,
  tasks: readonly RoutingTask[],
  verdicts: Verdicts,
): void {
  const { inScope, none, overall, failed } = accuracyOf(tasks, verdicts);
  const cells = [formatTally(inScope).padEnd(18), formatTally(none).padEnd(18), formatTally(overall)];
  const note = failed === 0 ? '' : `  ${failed} without an answer`;
  print(`${engine.engine.padEnd(12)} ${title.padEnd(40)} ${cells.join(' ')}${note}`);
}

function printMiss(task: RoutingTask): void {
  print(
    `  not ${task.expected ?? 'none'}: ${(task.turns.at(-1)?.text ?? '').slice(0, 90).replaceAll('\n', ' ')}`,
  );
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`--${name} must be a whole number, not ${text}`);
  return value;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
