// Envoy's admin interface over its Unix socket: https://www.envoyproxy.io/docs/envoy/latest/operations/admin

import http from 'node:http';

const REQUEST_TIMEOUT_MS = 2000;

export class EnvoyAdmin {
  private readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  async isLive(): Promise<boolean> {
    return (await this.request('GET', '/ready')).trim() === 'LIVE';
  }

  /** Requests that this very Envoy was ever sent. */
  totalRequests(): Promise<number> {
    return this.counter('downstream_rq_total');
  }

  /** Stops accepting and asks keep-alive clients to go: answers from now on carry `connection: close`. */
  async drain(): Promise<void> {
    await this.request('POST', '/healthcheck/fail');
    await this.request('POST', '/drain_listeners');
  }

  /** Requests that clients still wait for. */
  activeRequests(): Promise<number> {
    return this.counter('downstream_rq_active');
  }

  private async counter(name: string): Promise<number> {
    const text = await this.request('GET', `/stats?filter=^http.ingress.${name}$&format=text`);
    return Number(/: (\d+)/.exec(text)?.[1] ?? 0);
  }

  private request(method: string, path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = http.request({
        socketPath: this.socketPath,
        method,
        path,
        timeout: REQUEST_TIMEOUT_MS,
      });
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
        response.on('error', reject);
      });
      request.on('timeout', () =>
        request.destroy(new Error(`Envoy's admin interface did not answer ${path}`)),
      );
      request.on('error', reject);
      request.end();
    });
  }
}
