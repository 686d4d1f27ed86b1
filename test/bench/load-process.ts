// Entry of the load generator: a process of its own on raw sockets, so that what it costs is not counted. Each
// connection has one request under way. Forked by load.ts.

import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';
import type { LoadOrder, LoadReport } from './load-messages.ts';

/** An answer that takes longer than this is a failure. Milliseconds. */
const LONGEST_ANSWER = 20_000;

class LoadRun {
  private readonly order: LoadOrder;
  private readonly requests: readonly Buffer[];
  private readonly counterAt: readonly number[];
  private readonly latencies: number[] = [];
  private readonly firsts: number[] = [];
  private readonly failures: Record<string, number> = {};
  private readonly begun = performance.now();
  private lastAnswer = this.begun;
  private readonly firstCount: number;
  private sent: number;
  private open = 0;
  private readonly finish: (report: LoadReport) => void;

  constructor(order: LoadOrder, firstCount: number, finish: (report: LoadReport) => void) {
    this.order = order;
    this.finish = finish;
    this.requests = order.requests.map((request) => Buffer.from(request));
    const { counter } = order;
    this.counterAt = counter === undefined ? [] : this.requests.map((request) => request.indexOf(counter));
    this.firstCount = firstCount;
    this.sent = firstCount;
    for (let index = 0; index < order.connections; index += 1) this.connect();
  }

  get lastCount(): number {
    return this.sent;
  }

  private connect(): void {
    const reader = new AnswerReader();
    const socket = connect({ port: this.order.port, host: '127.0.0.1', noDelay: true });
    let sentAt = 0;
    let first = Number.NaN;
    this.open += 1;
    const next = (): void => {
      if (this.isOver()) {
        sentAt = 0;
        socket.end();
        return;
      }
      sentAt = performance.now();
      first = Number.NaN;
      this.send(socket);
    };
    socket.setTimeout(LONGEST_ANSWER, () => {
      this.fail('no answer in 20 s');
      sentAt = 0;
      socket.destroy();
    });
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      const answer = reader.push(chunk as Buffer);
      if (Number.isNaN(first) && reader.hasBody) first = performance.now() - sentAt;
      if (answer === undefined) return;
      this.lastAnswer = performance.now();
      if (answer.status !== 200) this.fail(`status ${answer.status}`);
      else if (this.order.answerBytes !== undefined && answer.bodyBytes !== this.order.answerBytes)
        this.fail('wrong length');
      else {
        this.latencies.push(this.lastAnswer - sentAt);
        this.firsts.push(first);
      }
      next();
    });
    socket.on('error', () => {
      if (socket.connecting) this.fail('no connection');
    });
    socket.on('close', () => {
      this.open -= 1;
      if (sentAt > 0) this.fail('connection cut');
      if (!this.isOver()) this.connect();
      else if (this.open === 0) this.report();
    });
  }

  private isOver(): boolean {
    const { milliseconds, mostRequests } = this.order;
    if (mostRequests !== undefined && this.sent - this.firstCount >= mostRequests) return true;
    return performance.now() - this.begun >= milliseconds;
  }

  private send(socket: Socket): void {
    const index = this.sent % this.requests.length;
    const request = this.requests[index] as Buffer;
    this.sent += 1;
    const { counter } = this.order;
    if (counter === undefined) {
      socket.write(request);
      return;
    }
    request.write(
      `${this.sent}`.padStart(counter.length, '0').slice(-counter.length),
      this.counterAt[index] as number,
    );
    socket.write(Buffer.from(request));
  }

  private fail(what: string): void {
    this.failures[what] = (this.failures[what] ?? 0) + 1;
  }

  private report(): void {
    const at = quantiles(this.latencies);
    this.finish({
      completed: this.latencies.length,
      failures: this.failures,
      seconds: (this.lastAnswer - this.begun) / 1000,
      p50: at(0.5),
      p99: at(0.99),
      firstP50: quantiles(this.firsts)(0.5),
    });
  }
}

function quantiles(values: readonly number[]): (share: number) => number {
  const sorted = Float64Array.from(values).sort();
  return (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Goes on from run to run: a prompt that was sent in one shall not come again in another. */
let count = 0;

process.on('message', (order: LoadOrder) => {
  const run = new LoadRun(order, count, (report) => {
    if (order.counter !== undefined) count = run.lastCount;
    process.send?.(report);
  });
});
process.on('disconnect', () => process.exit(0));
