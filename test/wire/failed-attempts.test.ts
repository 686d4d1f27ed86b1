// Envoy's log of failed attempts: a stream that stays open, of which nothing is answered.

import type { ClientWritableStream } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../envoy/support/wait.ts';
import { ACCESS_LOG, type LogEntry, type LogMessage } from './ext-proc-messages.ts';
import { connectHttp2, openProcess, type RunningServer, scripted, start, statusOf } from './wire-harness.ts';

interface Log {
  readonly call: ClientWritableStream<LogMessage>;
  /** The gRPC status that the service ends it with. */
  readonly ended: Promise<number>;
}

function openLog({ client }: RunningServer): Log {
  let end: (status: number) => void;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const call = client.makeClientStreamRequest(
    ACCESS_LOG.path,
    ACCESS_LOG.requestSerialize,
    ACCESS_LOG.responseDeserialize,
    () => undefined,
  );
  call.on('status', ({ code }) => end(code));
  return { call, ended };
}

const entry = (cluster: string, response_flags: Record<string, boolean>, status?: number): LogEntry => ({
  common_properties: {
    start_time: { seconds: 1_790_000_000, nanos: 250_000_000 },
    upstream_cluster: cluster,
    response_flags,
    duration: { seconds: 2, nanos: 500_000_000 },
  },
  ...(status === undefined ? {} : { response: { response_code: { value: status } } }),
});
const logOf = (...log_entry: LogEntry[]): LogMessage => ({ http_logs: { log_entry } });

async function reasonsOf(...entries: LogEntry[]): Promise<string[]> {
  const running = await start(scripted());
  const { call } = openLog(running);
  // What follows shows that the others have been read.
  call.write(logOf(...entries));
  call.write(logOf(entry('last', {}, 500)));
  await waitUntil(() => running.failedAttempts.at(-1)?.provider === 'last', 'the log to be read');
  call.end();
  return running.failedAttempts.slice(0, -1).map(({ reason }) => reason);
}

describe('a failed attempt', () => {
  it('is told of with its provider, time and trace', async () => {
    const running = await start(scripted());
    const { call } = openLog(running);
    const request = { request_headers: { traceparent: '00-a-b-01' } };
    call.write(logOf({ ...entry('openai/skippable', {}, 503), request }));
    await waitUntil(() => running.failedAttempts.length > 0, 'the attempt');
    expect(running.failedAttempts).toEqual([
      {
        provider: 'openai',
        reason: '503',
        startedAt: 1_790_000_000_250,
        milliseconds: 2500,
        traceparent: '00-a-b-01',
      },
    ]);
    call.end();
  });

  it.each<[string, string, LogEntry]>([
    ['a status', '429', entry('a', {}, 429)],
    ['no connection', 'connect-failure', entry('a', { upstream_connection_failure: true })],
    ['a name that nobody knows', 'connect-failure', entry('a', { dns_resolution_failure: true })],
    ['a connection that broke', 'reset', entry('a', { upstream_connection_termination: true })],
    ['a stream that was reset', 'reset', entry('a', { upstream_remote_reset: true })],
    ['bytes that are no answer', 'reset', entry('a', { upstream_protocol_error: true })],
    ['silence', 'timeout', entry('a', { upstream_request_timeout: true })],
    ['a limit of Envoy’s own', 'overflow', entry('a', { upstream_overflow: true })],
    ['an answer that broke off', 'cut', entry('a', { upstream_protocol_error: true }, 200)],
    ['an open circuit', 'open-circuit', entry('a/nowhere', { upstream_connection_failure: true })],
  ])('by %s', async (_, reason, logged) => {
    expect(await reasonsOf(logged)).toEqual([reason]);
  });

  it('is none where the client hung up', async () => {
    const hungUp = { downstream_connection_termination: true, local_reset: true };
    expect(await reasonsOf(entry('a', hungUp), entry('a', { local_reset: true }, 200))).toEqual([]);
  });
});

describe('the stream', () => {
  it('is ended when the service closes', async () => {
    const running = await start(scripted());
    const { call, ended } = openLog(running);
    call.write(logOf(entry('a', {}, 500)));
    await waitUntil(() => running.failedAttempts.length > 0, 'the attempt');
    await running.server.close();
    expect(await ended).toBe(0);
  });

  it('of what is no log is refused', async () => {
    const { server, errors } = await start(scripted(), { on: 'tcp' });
    const stream = openProcess(connectHttp2(server.port), ACCESS_LOG.path);
    stream.write(Buffer.from([0, 0, 0, 0, 2, 0x12, 0x7f]));
    expect((await statusOf(stream)).code).toBe(3);
    expect(errors).toHaveLength(1);
  });
});
