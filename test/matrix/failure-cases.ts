// Cases of failures: errors before and in a stream, streams that are cut, clients that leave.

import { expect, vi } from 'vitest';
import { FAILURE_TEXT } from '../vendors/vendor.ts';
import { ask, type MatrixCase, streamed } from './cell.ts';

const FAILURES = ['invalid', 'authentication', 'rate-limited', 'internal', 'overloaded'] as const;

export const FAILURE_CASES: Readonly<Record<string, MatrixCase>> = {
  errors: async (cell) => {
    for (const failure of FAILURES) {
      cell.provider.script({ type: 'fail', failure });
      const error = await failureOf(ask(cell, {}));
      // Vendors repeat parts of a key that they refuse.
      const isHidden = failure === 'authentication' && cell.client.dialect !== cell.provider.vendor.dialect;
      expect(String(error)).toContain(isHidden ? "the gateway's credentials" : FAILURE_TEXT[failure]);
      const { status } = cell.provider.vendor.wordFailure(failure);
      expect(error).toMatchObject(cell.client.name.startsWith('ai:') ? { statusCode: status } : { status });
      // Google's error has no headers.
      if (failure === 'rate-limited' && cell.client.name !== '@google/genai')
        expect(retryAfterOf(error)).toBe('7');
    }
  },

  'error in a stream': streamed(async (cell, _pieces, more) => {
    cell.provider.script({ type: 'fail-midway', after: 4, failure: 'overloaded' });
    const error = await failureOf(ask(cell, more));
    expect(`${String(error)} ${JSON.stringify(error)}`).toContain(FAILURE_TEXT.overloaded);
  }),

  'a stream that ends too early': streamed(async (cell, _pieces, more) => {
    cell.provider.script({ type: 'cut', after: 4 });
    await failureOf(ask(cell, more));
  }),

  abort: async (cell) => {
    const gate = Promise.withResolvers<void>();
    cell.provider.script({ type: 'hold', after: 5, gate: gate.promise });
    const abort = new AbortController();
    const onPiece = (): void => abort.abort();
    // Some SDKs throw, others end the stream.
    await ask(cell, { stream: true, signal: abort.signal, onPiece }).catch(() => undefined);
    await vi.waitFor(() => expect(cell.provider.abandoned()).toBe(1), { timeout: 5000 });
    gate.resolve();
  },
};

function retryAfterOf(error: unknown): string | null | undefined {
  const { headers, responseHeaders } = error as {
    readonly headers?: Headers;
    readonly responseHeaders?: Record<string, string>;
  };
  return headers?.get('retry-after') ?? responseHeaders?.['retry-after'];
}

async function failureOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    (outcome) => expect.fail(`no error but ${JSON.stringify(outcome)}`),
    (error: unknown) => error,
  );
}
