// GET /metrics for Prometheus, on a listener of its own: never on the public port.

import http from 'node:http';
import type { Counters } from '../telemetry/counters.ts';

export interface MetricsServer {
  close(): void;
}

/** @throws where the address is taken */
export function serveMetrics(
  address: { readonly address: string; readonly port: number },
  counters: Counters,
): Promise<MetricsServer> {
  const server = http.createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(counters.render());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.address, () => {
      server.off('error', reject);
      resolve({ close: () => void server.close() });
    });
  });
}
