// Entry of the process that holds the embedded model, one for all workers: 200 MB once instead of once each, and a
// fault in native code takes no request down. Started by the supervisor.

import { loadEmbeddedModel } from '../decide/embedded/embedded-model.ts';
import { EmbeddedRouter } from '../decide/embedded/embedded-router.ts';
import { RouterError } from '../decide/intent-router.ts';
import type { Call, CallResult, EmbeddedStart, ToEmbedded } from './messages.ts';
import { ParentChannel } from './parent-channel.ts';

const parent = new ParentChannel();
const underWay = new Map<number, AbortController>();
let router: EmbeddedRouter | undefined;

process.on('message', (message: ToEmbedded) => {
  switch (message.type) {
    case 'start':
      void start(message);
      return;
    case 'stop':
      process.disconnect();
      return;
    case 'decide':
      void answer(message);
      return;
    case 'cancel':
      underWay.get(message.id)?.abort();
      return;
    case 'get-pin':
    case 'pin-if-absent':
      return;
  }
});

process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

async function start({ modelDirectory, threshold, routes }: EmbeddedStart): Promise<void> {
  const loaded = new EmbeddedRouter(await loadEmbeddedModel(modelDirectory), { threshold });
  await loaded.prepare(routes, new AbortController().signal);
  router = loaded;
  parent.send({ type: 'ready' });
}

async function answer({ id, question }: Call & { type: 'decide' }): Promise<void> {
  const abort = new AbortController();
  underWay.set(id, abort);
  let result: CallResult;
  try {
    if (router === undefined) throw new RouterError('unreachable', 'the embedded model is still loading');
    result = { type: 'answer', answer: await router.decide(question, abort.signal) };
  } catch (thrown) {
    const failure = thrown instanceof RouterError ? thrown.failure : 'bad-answer';
    result = { type: 'failure', failure, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  underWay.delete(id);
  parent.send({ type: 'call-answer', id, result });
}
