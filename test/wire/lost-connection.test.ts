// The other end of a connection dies: that is its own affair, and whoever runs it has said so already.

import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { scripted, start } from './wire-harness.ts';

/** RFC 9113, section 3.4: the connection preface, with an empty SETTINGS frame. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

test('an Envoy that dies on its connection is no fault of the service', async () => {
  const { address, errors, server } = await start(scripted(), { on: 'tcp' });
  const [host = '', port = ''] = address.split(':');
  const socket = net.connect(Number(port), host);
  socket.write(PREFACE);
  await once(socket, 'data');
  socket.resetAndDestroy();
  await once(socket, 'close');
  // Closing waits for every connection, and so for the server to have seen this one's end.
  await server.close();
  expect(errors).toEqual([]);
});
