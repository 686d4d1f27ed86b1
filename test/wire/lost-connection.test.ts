// The other end of a connection dies: that is its own affair, and whoever runs it has said so already.

import { once } from 'node:events';
import net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { scripted, start } from './wire-harness.ts';

/** RFC 9113, sections 3.4 and 6.7: the connection preface with an empty SETTINGS frame, and a PING. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const PING = Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
const PING_ANSWER = Buffer.from([0, 0, 8, 6, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);

test('an Envoy that dies on its connection is no fault of the service', async () => {
  const { address, errors, server } = await start(scripted(), { on: 'tcp' });
  const [host = '', port = ''] = address.split(':');
  const socket = net.connect(Number(port), host);
  socket.write(PREFACE);
  socket.write(PING);
  let received = Buffer.alloc(0);
  while (!received.includes(PING_ANSWER)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    received = Buffer.concat([received, chunk]);
  }
  for (let quiet = 0; quiet < 20; quiet += 1) await turn();
  socket.resetAndDestroy();
  await once(socket, 'close');
  for (let seen = 0; seen < 20; seen += 1) await turn();
  await server.close();
  expect(errors).toEqual([]);
});
