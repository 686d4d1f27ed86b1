// The child of parent-channel.test.ts.

import type { CallAnswer } from '../../../src/supervisor/messages.ts';
import { ParentChannel } from '../../../src/supervisor/parent-channel.ts';

type Order =
  /** `deadline` in milliseconds; 0 has passed already. */
  | { readonly type: 'make-call'; readonly name: string; readonly deadline?: number }
  | { readonly type: 'send-after-disconnect' }
  | CallAnswer;

const parent = new ParentChannel();

process.on('message', (order: Order) => {
  switch (order.type) {
    case 'make-call':
      void parent
        .call({ type: 'get-pin', sessionId: 's' }, signalAfter(order.deadline))
        .then((result) => parent.send({ name: order.name, result }));
      return;
    case 'send-after-disconnect':
      process.disconnect();
      parent.send({ type: 'ready' });
      // Any failure of the message before would have ended the process by now, with another code.
      setTimeout(() => process.exit(42), 50);
      return;
    case 'call-answer':
      parent.settle(order);
      return;
  }
});

function signalAfter(deadline: number | undefined): AbortSignal | undefined {
  if (deadline === undefined) return undefined;
  return deadline === 0 ? AbortSignal.abort() : AbortSignal.timeout(deadline);
}
