// `npm run bench`: the same load on bare Envoy and through the gateway, in one run, and what each costs.
//
//   --seconds N      length of a slice (default 2)      --quick            short: three slices of one second
//   --slices N       slices of each (default 5)         --only a,b         rows by id, as in plain-1,embedded-1
//   --concurrency N  worker threads of every Envoy      --compare-grpc-js  the same service on @grpc/grpc-js, too
//                    (default 1)                        --against DIR      the gateway of another checkout, too
//   --json FILE      all figures

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeEnvoyWrapper } from './envoy-process.ts';
import { findEnvoy } from './find-envoy.ts';
import { startGrpcJsGateway } from './grpc-js-gateway.ts';
import { LoadGenerator, type Provider, startProvider } from './load.ts';
import { measureRow } from './measure-row.ts';
import { failureLines, grpcJsLine, type MeasuredRow, measuredRow, table, targetLines } from './report.ts';
import {
  ARCH,
  allRows,
  BARE,
  GATEWAY,
  GRPC_JS,
  MODEL_SERVER,
  MORE,
  OTHER,
  ROUTED,
  type Row,
} from './rows.ts';
import { type Subject, type SubjectOptions, startBareEnvoy, startGateway } from './subjects.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    slices: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    concurrency: { type: 'string', default: '1' },
    'compare-grpc-js': { type: 'boolean', default: false },
    against: { type: 'string' },
    json: { type: 'string' },
  },
});
const milliseconds = Number(values.seconds ?? (values.quick ? 1 : 2)) * 1000;
const slices = Number(values.slices ?? (values.quick ? 3 : 5));
const concurrency = Number(values.concurrency);

const only = values.only?.split(',');
const comparisons = { grpcJs: values['compare-grpc-js'], otherCheckout: values.against !== undefined };
const rows = allRows(comparisons).filter(({ id }) => only === undefined || only.includes(id));
if (rows.length === 0) {
  const known = allRows(comparisons).map(({ id }) => id);
  throw new Error(`--only names none of ${known.join(', ')}`);
}

const directory = mkdtempSync(path.join(tmpdir(), 'pointsman-bench-'));
const subjects = new Map<string, Subject>();
const generator = new LoadGenerator();
const provider = await startProvider();
try {
  const envoy = await findEnvoy();
  const wrapper = writeEnvoyWrapper(directory, envoy.path, { concurrency, gracefulClose: true });
  const processor = cpus();
  console.log(
    `Envoy ${envoy.version} with --concurrency ${concurrency}, one worker, Node ${process.versions.node}, ` +
      `${processor.length} × ${processor[0]?.model.trim()}; ${slices} interleaved slices of ${milliseconds / 1000} s, medians\n`,
  );
  const measured: MeasuredRow[] = [];
  for (const [index, row] of rows.entries()) {
    for (const { subject } of row.loads) {
      if (subjects.has(subject)) continue;
      const options = { envoyPath: envoy.path, envoyWrapper: wrapper, concurrency };
      const place = path.join(directory, `subject-${subjects.size}-${index}`);
      subjects.set(subject, await start(subject, provider, { ...options, directory: place }));
    }
    process.stderr.write(`${row.id}…\n`);
    const slicing = { milliseconds, slices, warmUpMilliseconds: Math.max(1500, milliseconds) };
    measured.push(measuredRow(row, await measureRow(row.loads, subjects, generator, slicing)));
    await stopUnused(rows.slice(index + 1));
  }
  console.log(table(measured));
  console.log(`\n${targetLines(measured).join('\n')}`);
  const comparison = grpcJsLine(measured);
  if (comparison !== undefined) console.log(comparison);
  const failed = failureLines(measured);
  console.log(failed.length === 0 ? 'no request failed' : failed.join('\n'));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, undefined, 1)}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await stopUnused([]);
  generator.close();
  provider.close();
  rmSync(directory, { recursive: true, force: true });
}

function start(subject: string, { port }: Provider, options: SubjectOptions): Promise<Subject> {
  switch (subject) {
    case BARE:
      return startBareEnvoy(port, options);
    case GATEWAY:
      return startGateway({ providerPort: port, engine: 'none' }, options);
    case MORE:
      return startGateway({ providerPort: port, engine: 'none', more: true }, options);
    case GRPC_JS:
      return startGrpcJsGateway({ providerPort: port, engine: 'none' }, options);
    case OTHER:
      return startGateway(
        { providerPort: port, engine: 'none' },
        options,
        path.resolve(values.against ?? '.'),
      );
    case ROUTED:
      return startGateway({ providerPort: port, engine: 'embedded' }, options);
    case ARCH:
      return startGateway({ providerPort: port, engine: 'arch-router' }, options);
    case MODEL_SERVER:
      return Promise.resolve({ port, processes: {}, stop: () => Promise.resolve() });
    default:
      throw new Error(`no subject ${subject}`);
  }
}

async function stopUnused(later: readonly Row[]): Promise<void> {
  const used = new Set(later.flatMap((row) => row.loads.map(({ subject }) => subject)));
  for (const [name, subject] of subjects) {
    if (used.has(name)) continue;
    subjects.delete(name);
    await subject.stop();
  }
}
