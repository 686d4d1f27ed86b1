// A steady load of equal requests, each sent when the one before it on its connection is answered.

import http from 'node:http';

export const CONNECTIONS = 16;

export interface Load {
  /** Requests finished so far. */
  readonly count: () => number;
  /** Resolves with what was not a 200, one line each. */
  stop(): Promise<string[]>;
}

export function startLoad(url: string, body: string): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const failures: string[] = [];
  let isOver = false;
  let count = 0;
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      const request = http.request(url, {
        method: 'POST',
        agent,
        headers,
      });
      const settle = (failure?: string): void => {
        count += 1;
        if (failure !== undefined) failures.push(failure);
        resolve();
      };
      request.on('error', (error) => settle(error.message));
      request.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        response.on('end', () =>
          settle(response.statusCode === 200 ? undefined : `${response.statusCode} ${text}`),
        );
      });
      request.end(body);
    });
  const loops = Array.from({ length: CONNECTIONS }, async () => {
    while (!isOver) await one();
  });
  return {
    count: () => count,
    async stop() {
      isOver = true;
      await Promise.all(loops);
      agent.destroy();
      return failures;
    },
  };
}
