// One row of the benchmark: the same load on each of its subjects in turn, slice by slice, so that a busy moment of the
// machine hits all of them; medians over the slices.

import type { LoadGenerator } from './load.ts';
import type { LoadOrder } from './load-messages.ts';
import { cpuNanoseconds, residentMegabytes } from './process-usage.ts';
import { PROCESS_NAMES, type ProcessName, type Subject } from './subjects.ts';

export interface RowLoad {
  readonly subject: string;
  /** What to call it where the row has a subject twice. */
  readonly label?: string;
  /** Without port and duration. */
  readonly order: Omit<LoadOrder, 'port' | 'milliseconds'>;
}

/** Medians over the slices; times in milliseconds, CPU in microseconds per request. */
export interface Measured {
  readonly subject: string;
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: Readonly<Record<ProcessName, number>>;
  readonly total: number;
  /** To the row's first subject in the slice next to it. */
  readonly ratio: number;
  /** Added to the first subject's p50 in the slice next to it. */
  readonly addedP50: number;
  /** The same, to the first byte of the answer's body. */
  readonly addedFirstP50: number;
  readonly workerMegabytes: number;
  readonly requests: number;
  readonly failures: Readonly<Record<string, number>>;
}

export interface Slicing {
  readonly milliseconds: number;
  readonly slices: number;
  readonly warmUpMilliseconds: number;
}

interface Slice {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly firstP50: number;
  readonly cpu: Readonly<Record<ProcessName, number>>;
  readonly total: number;
  readonly workerMegabytes: number;
  readonly requests: number;
  readonly failures: Readonly<Record<string, number>>;
}

export async function measureRow(
  loads: readonly RowLoad[],
  subjects: ReadonlyMap<string, Subject>,
  generator: LoadGenerator,
  { milliseconds, slices, warmUpMilliseconds }: Slicing,
): Promise<Measured[]> {
  const run = (load: RowLoad, duration: number): Promise<Slice> => {
    const subject = subjects.get(load.subject);
    if (subject === undefined) throw new Error(`no subject ${load.subject}`);
    return measureSlice(subject, { ...load.order, port: subject.port, milliseconds: duration }, generator);
  };
  for (const load of loads) await run(load, warmUpMilliseconds);
  const taken = loads.map((): Slice[] => []);
  for (let slice = 0; slice < slices; slice += 1) {
    const order = loads.map((_, index) => index);
    if (slice % 2 === 1) order.reverse();
    for (const index of order) taken[index]?.push(await run(loads[index] as RowLoad, milliseconds));
  }
  const first = taken[0] ?? [];
  return loads.map((load, index) => summarise(load, taken[index] ?? [], first));
}

async function measureSlice(subject: Subject, order: LoadOrder, generator: LoadGenerator): Promise<Slice> {
  const read = (name: ProcessName): number => {
    const pid = subject.processes[name];
    return pid === undefined ? 0 : cpuNanoseconds(pid);
  };
  const before = PROCESS_NAMES.map(read);
  const report = await generator.run(order);
  const after = PROCESS_NAMES.map(read);
  const cpu = perProcess(
    (_, index) => ((after[index] ?? 0) - (before[index] ?? 0)) / 1000 / Math.max(1, report.completed),
  );
  const { worker } = subject.processes;
  return {
    requestsPerSecond: report.completed / report.seconds,
    p50: report.p50,
    p99: report.p99,
    firstP50: report.firstP50,
    cpu,
    total: PROCESS_NAMES.reduce((sum, name) => sum + cpu[name], 0),
    workerMegabytes: worker === undefined ? 0 : residentMegabytes(worker),
    requests: report.completed,
    failures: report.failures,
  };
}

function perProcess(value: (name: ProcessName, index: number) => number): Record<ProcessName, number> {
  const entries = PROCESS_NAMES.map((name, index) => [name, value(name, index)]);
  return Object.fromEntries(entries) as Record<ProcessName, number>;
}

function summarise(load: RowLoad, slices: readonly Slice[], first: readonly Slice[]): Measured {
  const over = (value: (slice: Slice, index: number) => number): number => median(slices.map(value));
  const failures: Record<string, number> = {};
  for (const slice of slices) {
    for (const [what, count] of Object.entries(slice.failures))
      failures[what] = (failures[what] ?? 0) + count;
  }
  return {
    subject: load.label ?? load.subject,
    connections: load.order.connections,
    requestsPerSecond: over((slice) => slice.requestsPerSecond),
    p50: over((slice) => slice.p50),
    p99: over((slice) => slice.p99),
    cpu: perProcess((name) => over((slice) => slice.cpu[name])),
    total: over((slice) => slice.total),
    ratio: over((slice, index) => slice.total / (first[index]?.total ?? Number.NaN)),
    addedP50: over((slice, index) => slice.p50 - (first[index]?.p50 ?? Number.NaN)),
    addedFirstP50: over((slice, index) => slice.firstP50 - (first[index]?.firstP50 ?? Number.NaN)),
    workerMegabytes: Math.max(...slices.map((slice) => slice.workerMegabytes)),
    requests: slices.reduce((sum, slice) => sum + slice.requests, 0),
    failures,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
