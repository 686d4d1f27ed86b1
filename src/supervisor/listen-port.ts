// Is a port free? Asked before anything is started, so that the answer is one clear line.

import net from 'node:net';

/** @returns the port, or the one that the system chose for 0. @throws Error that says what to do */
export function claimPort(address: string, port: number, option = '--port'): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const reason = taken
        ? `is in use; stop what listens there or give another with ${option}`
        : `cannot be used: ${error.message}`;
      reject(new Error(`${address}:${port} ${reason}`));
    });
    probe.listen(port, address, () => {
      const bound = probe.address();
      probe.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : port));
    });
  });
}
