// What the benchmark prints: one table, and what was reached.

import type { Measured } from './measure-row.ts';
import { ARCH, BARE, GATEWAY, GRPC_JS, NEXT_MODEL, ROUTED, type Row, TRANSLATED } from './rows.ts';
import { PROCESS_NAMES } from './subjects.ts';

export interface MeasuredRow {
  readonly id: string;
  readonly title: string;
  readonly subjects: readonly Measured[];
}

export function measuredRow(row: Row, subjects: readonly Measured[]): MeasuredRow {
  return { id: row.id, title: row.title, subjects };
}

const COLUMNS = [
  'load',
  'conn.',
  '',
  'req/s',
  'p50 ms',
  'p99 ms',
  'Envoy µs',
  'worker µs',
  'supervisor µs',
  'model µs',
  'all µs',
  '× bare',
  'failed',
];

/** Markdown. The processes' columns are CPU time per request. */
export function table(rows: readonly MeasuredRow[]): string {
  const lines = [COLUMNS, COLUMNS.map((_, index) => (index === 0 || index === 2 ? '---' : '--:'))];
  for (const row of rows) {
    for (const measured of row.subjects) lines.push(tableLine(row, measured));
  }
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function tableLine(row: MeasuredRow, measured: Measured): string[] {
  const isCompared = row.subjects[0]?.subject === BARE;
  const cpu = (value: number): string => (value < 0.5 ? '' : value.toFixed(0));
  return [
    row.title,
    `${measured.connections}`,
    measured.subject,
    measured.requestsPerSecond.toFixed(0),
    measured.p50.toFixed(2),
    measured.p99.toFixed(2),
    ...PROCESS_NAMES.map((name) => cpu(measured.cpu[name])),
    cpu(measured.total),
    isCompared ? measured.ratio.toFixed(2) : '',
    `${failuresOf(measured)}`,
  ];
}

function failuresOf({ failures }: Measured): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

interface Target {
  readonly what: string;
  readonly row: string;
  readonly subject: string;
  readonly most: number;
  readonly unit: string;
  readonly value: (measured: Measured) => number;
}

const service = ({ cpu }: Measured): number => cpu.worker + cpu.supervisor + cpu.embedded;
const TARGETS: readonly Target[] = [
  {
    what: 'CPU of a passed-through request, all processes',
    row: 'plain-16',
    subject: GATEWAY,
    most: 5.2,
    unit: '× bare',
    value: (m) => m.ratio,
  },
  {
    what: 'CPU of the service for it',
    row: 'plain-16',
    subject: GATEWAY,
    most: 130,
    unit: 'µs',
    value: service,
  },
  {
    what: 'added to the p50 at one connection',
    row: 'plain-1',
    subject: GATEWAY,
    most: 0.6,
    unit: 'ms',
    value: (m) => m.addedP50,
  },
  {
    what: 'CPU of 50 streamed events, all processes',
    row: 'streamed-16',
    subject: GATEWAY,
    most: 1.6,
    unit: '× bare',
    value: (m) => m.ratio,
  },
  {
    what: 'memory of the loaded worker',
    row: 'plain-16',
    subject: GATEWAY,
    most: 220,
    unit: 'MB',
    value: (m) => m.workerMegabytes,
  },
  {
    what: 'added by a cached decision to the p50',
    row: 'routed-1',
    subject: ROUTED,
    most: 0.2,
    unit: 'ms',
    value: (m) => m.addedP50,
  },
  {
    what: 'p50 of an embedded decision',
    row: 'embedded-1',
    subject: ROUTED,
    most: 10,
    unit: 'ms',
    value: (m) => m.p50,
  },
  {
    what: "added to the model server's own p50 by Arch-Router",
    row: 'arch-router-1',
    subject: ARCH,
    most: 2,
    unit: 'ms',
    value: (m) => m.addedP50,
  },
  {
    what: 'CPU of the service for a translated request (Chat → Messages)',
    row: 'chat-messages-16',
    subject: TRANSLATED,
    most: 250,
    unit: 'µs',
    value: service,
  },
  {
    what: 'CPU of the service for one of 50 translated events',
    row: 'chat-messages-streamed-16',
    subject: TRANSLATED,
    most: 40,
    unit: 'µs',
    value: (m) => service(m) / 50,
  },
  {
    what: 'added to the first event by translation, p50 at one connection',
    row: 'chat-messages-streamed-1',
    subject: TRANSLATED,
    most: 1,
    unit: 'ms',
    value: (m) => m.addedFirstP50,
  },
  {
    what: 'CPU of a first attempt with a next model, all processes',
    row: 'failover-16',
    subject: NEXT_MODEL,
    most: 1.03,
    unit: '× that of one without',
    value: (m) => m.ratio,
  },
];

/** One line for each target whose row was measured. */
export function targetLines(rows: readonly MeasuredRow[]): string[] {
  return TARGETS.flatMap(({ what, row, subject, most, unit, value }) => {
    const measured = rows.find(({ id }) => id === row)?.subjects.find((entry) => entry.subject === subject);
    if (measured === undefined) return [];
    const found = value(measured);
    const text = `${what}: ${show(found)} ${unit}, target ≤ ${most}`;
    return found <= most
      ? `reached  ${text}`
      : `MISSED   ${text}, by ${(100 * (found / most - 1)).toFixed(0)} %`;
  });
}

/** What grpc-js and proto-loader cost in place of our own server and codec, where that was measured. */
export function grpcJsLine(rows: readonly MeasuredRow[]): string | undefined {
  const subjects = rows.find(({ id }) => id === 'plain-16')?.subjects;
  const ours = subjects?.find(({ subject }) => subject === GATEWAY);
  const theirs = subjects?.find(({ subject }) => subject === GRPC_JS);
  if (ours === undefined || theirs === undefined) return undefined;
  const more = 100 * (theirs.cpu.worker / ours.cpu.worker - 1);
  return `The same request stage on @grpc/grpc-js: ${theirs.cpu.worker.toFixed(0)} µs in the worker instead of ${ours.cpu.worker.toFixed(0)} (+${more.toFixed(0)} %)`;
}

export function failureLines(rows: readonly MeasuredRow[]): string[] {
  return rows.flatMap(({ id, subjects }) =>
    subjects.flatMap((measured) =>
      Object.entries(measured.failures).map(
        ([what, count]) => `${id}, ${measured.subject}: ${count} failed: ${what}`,
      ),
    ),
  );
}

function show(value: number): string {
  return value >= 20 ? value.toFixed(0) : value.toFixed(2);
}
