import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { claimPort } from '../../../src/supervisor/listen-port.ts';

test('0 gives a port that is free afterwards', async () => {
  const port = await claimPort('127.0.0.1', 0);
  expect(port).toBeGreaterThan(0);
  expect(await claimPort('127.0.0.1', port)).toBe(port);
});

test('a port that is taken is refused, with what to do', async () => {
  const server = net.createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await expect(claimPort('127.0.0.1', port)).rejects.toThrow(
      `127.0.0.1:${port} is in use; stop what listens there or give another with --port`,
    );
  } finally {
    server.close();
  }
});

test('an address of another machine is refused', async () => {
  // 192.0.2.0/24 is for documentation: https://www.rfc-editor.org/rfc/rfc5737
  await expect(claimPort('192.0.2.1', 0)).rejects.toThrow(/^192\.0\.2\.1:0 cannot be used: .*EADDRNOTAVAIL/);
});
