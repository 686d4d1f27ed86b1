// `npm run soak`: many requests through the gateway at concurrency 32, against Envoy with the graceful-close flag and
// without it. Not one may fail, and the worker may not grow.
//
//   --requests N     for each of the two (default 200000)      --connections N  (default 32)

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MODEL } from './bench-config.ts';
import { writeEnvoyWrapper } from './envoy-process.ts';
import { findEnvoy } from './find-envoy.ts';
import { LoadGenerator, startProvider } from './load.ts';
import { residentMegabytes } from './process-usage.ts';
import { PLAIN_ANSWERS } from './provider-answers.ts';
import { chatRequest } from './requests.ts';
import { startGateway } from './subjects.ts';

const LONGEST_MILLISECONDS = 30 * 60_000;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '200000' },
    connections: { type: 'string', default: '32' },
  },
});
const order = {
  connections: Number(values.connections),
  requests: [chatRequest({ model: MODEL })],
  answerBytes: PLAIN_ANSWERS['openai-chat'].bytes,
};

const directory = mkdtempSync(path.join(tmpdir(), 'pointsman-soak-'));
const generator = new LoadGenerator();
const provider = await startProvider();
try {
  const envoy = await findEnvoy();
  console.log('| graceful close | requests | failed | req/s | p50 ms | p99 ms | worker MB before | after |');
  console.log('| --- | --: | --: | --: | --: | --: | --: | --: |');
  for (const gracefulClose of [true, false]) {
    const place = mkdtempSync(path.join(directory, 'run-'));
    const envoyWrapper = writeEnvoyWrapper(place, envoy.path, { concurrency: 1, gracefulClose });
    const gateway = await startGateway(
      { providerPort: provider.port, engine: 'none' },
      { directory: place, envoyPath: envoy.path, envoyWrapper, concurrency: 1 },
    );
    const worker = gateway.processes.worker ?? 0;
    const run = (mostRequests: number): ReturnType<LoadGenerator['run']> =>
      generator.run({ ...order, port: gateway.port, milliseconds: LONGEST_MILLISECONDS, mostRequests });
    await run(5000);
    const before = residentMegabytes(worker);
    const report = await run(Number(values.requests));
    const after = residentMegabytes(worker);
    await gateway.stop();
    const failed = Object.values(report.failures).reduce((sum, count) => sum + count, 0);
    const cells = [
      gracefulClose ? 'on' : 'off',
      report.completed + failed,
      failed,
      (report.completed / report.seconds).toFixed(0),
      report.p50.toFixed(2),
      report.p99.toFixed(2),
      before.toFixed(0),
      after.toFixed(0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
    for (const [what, count] of Object.entries(report.failures)) console.log(`${count} failed: ${what}`);
    if (failed > 0) process.exitCode = 1;
  }
} finally {
  generator.close();
  provider.close();
  rmSync(directory, { recursive: true, force: true });
}
