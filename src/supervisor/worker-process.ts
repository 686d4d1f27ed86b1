// Entry of a worker process: serves ext_proc on its address until told to stop. Started by the supervisor.

import { rmSync } from 'node:fs';
import type { TracingConfig } from '../config/gateway-config.ts';
import type { Pin } from '../decide/affinity.ts';
import { type IntentRouter, RouterError } from '../decide/intent-router.ts';
import type { GrpcServer } from '../extproc/grpc-server.ts';
import { createGateway } from '../gateway.ts';
import type { SessionPins } from '../request/choose-route.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import { openConversations } from '../store/open-conversations.ts';
import { Counters } from '../telemetry/counters.ts';
import type { Log } from '../telemetry/log.ts';
import type { Tracing } from '../telemetry/otlp-tracing.ts';
import type { CallResult, ToWorker, WorkerStart } from './messages.ts';
import { ParentChannel } from './parent-channel.ts';

const COUNT_INTERVAL_MS = 500;

const parent = new ParentChannel();
const counters = new Counters();
const count = (name: string, labels: Record<string, string>): void => counters.add(name, labels);
const log: Log = (level, message, fields = {}) => parent.send({ type: 'log', level, message, fields });
let server: GrpcServer | undefined;
let tracing: Tracing | undefined;
let envoyPid: number | undefined;
let stopping = false;

process.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'start':
      void start(message);
      return;
    case 'stop':
      void stop();
      return;
    case 'envoy-pid':
      envoyPid = message.pid;
      return;
    case 'call-answer':
      parent.settle(message);
      return;
  }
});

// A terminal sends Ctrl-C to the whole group; the supervisor decides when a worker ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => {
  if (!stopping && envoyPid !== undefined) endOrphan(envoyPid);
  process.exit();
});

async function start({ config, address }: WorkerStart): Promise<void> {
  if (config.tracing !== undefined) tracing = await loadTracing(config.tracing);
  server = createGateway({
    config,
    embedded: config.routing.engine === 'none' ? undefined : embeddedRouter(),
    pins: sharedPins(),
    conversations: openConversations(config.conversations, { shared: sharedConversations(), count, log }),
    count,
    log,
    tracer: tracing?.tracer,
  });
  if ('path' in address) rmSync(address.path, { force: true });
  try {
    await server.listen(address);
  } catch (error) {
    log('error', 'a worker cannot listen', { cause: error instanceof Error ? error.message : String(error) });
    process.disconnect();
    process.exitCode = 1;
    return;
  }
  setInterval(sendCounts, COUNT_INTERVAL_MS).unref();
  parent.send({ type: 'ready' });
}

/** Loaded only where it is wanted: the SDK takes time and memory. */
async function loadTracing(config: TracingConfig): Promise<Tracing | undefined> {
  try {
    const { startTracing } = await import('../telemetry/otlp-tracing.ts');
    return startTracing({ ...config, log, now: () => performance.now(), random: Math.random });
  } catch (error) {
    log('error', 'traces cannot be exported', { cause: String(error) });
    return undefined;
  }
}

async function stop(): Promise<void> {
  stopping = true;
  await server?.close();
  await tracing?.shutdown();
  sendCounts();
  process.disconnect();
}

function sendCounts(): void {
  const increments = counters.take();
  if (increments.length > 0) parent.send({ type: 'count', increments });
}

/** The embedded model lives in one process for all workers. */
function embeddedRouter(): IntentRouter {
  return {
    engine: 'embedded',
    async decide(question, signal) {
      const { routes, routesId, turns } = question;
      const result = await parent.call({ type: 'decide', question: { routes, routesId, turns } }, signal);
      if (result.type === 'answer') return result.answer;
      throw new RouterError(
        result.type === 'failure' ? result.failure : 'bad-answer',
        result.type === 'failure' ? result.message : 'a pin instead of an answer',
      );
    },
  };
}

function sharedPins(): SessionPins {
  const pinOf = (result: CallResult): Pin | undefined => (result.type === 'pin' ? result.pin : undefined);
  return {
    get: async (sessionId) => pinOf(await parent.call({ type: 'get-pin', sessionId })),
    pinIfAbsent: async (sessionId, pin) =>
      pinOf(await parent.call({ type: 'pin-if-absent', sessionId, pin })) ?? pin,
  };
}

/** What is kept in memory is kept by the supervisor, for all workers. */
function sharedConversations(): ConversationStore {
  const isDone = (result: CallResult): boolean => result.type === 'done' && result.done;
  return {
    begin: async (key, input) => isDone(await parent.call({ type: 'begin-conversation', key, input })),
    complete: async (key, answer) =>
      isDone(await parent.call({ type: 'complete-conversation', key, answer })),
    find: async (key) => {
      const result = await parent.call({ type: 'find-conversation', key });
      return result.type === 'conversation' ? result.conversation : undefined;
    },
    remove: async (key) => isDone(await parent.call({ type: 'remove-conversation', key })),
  };
}

function endOrphan(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It ended with the supervisor, or another worker was first.
  }
}
