// An error in a provider's stream, as each client reads it: in the type that its own vendor would have given.

import { describe, expect, test } from 'vitest';
import type { ClientDialect } from '../../../src/contract/dialect.ts';
import { DIALECT_MODULES } from '../../../src/translate/dialect-modules.ts';
import { StreamTranslator } from '../../../src/translate/stream-translator.ts';

const context = { seed: '0'.repeat(24), created: 7, model: 'm', stream: true, memo: {} };
const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

/** As each vendor words it, without a status. */
const SENT: Readonly<Record<ClientDialect, readonly [overloaded: string, limited: string]>> = {
  'openai-chat': [
    data({ error: { message: 'm', type: 'overloaded_error' } }),
    data({ error: { message: 'm', code: 'rate_limit_exceeded' } }),
  ],
  'openai-responses': [
    data({ type: 'error', code: 'server_is_overloaded', message: 'm' }),
    data({ type: 'error', code: 'rate_limit_exceeded', message: 'm' }),
  ],
  'anthropic-messages': [
    data({ type: 'error', error: { type: 'overloaded_error', message: 'm' } }),
    data({ type: 'error', error: { type: 'rate_limit_error', message: 'm' } }),
  ],
  gemini: [
    data({ error: { status: 'UNAVAILABLE', message: 'm' } }),
    data({ error: { status: 'RESOURCE_EXHAUSTED', message: 'm' } }),
  ],
};
/** What each client must find. */
const READ: Readonly<Record<ClientDialect, readonly [overloaded: string, limited: string]>> = {
  'openai-chat': ['"type":"server_error"', '"type":"rate_limit_error"'],
  'openai-responses': ['"type":"server_error"', '"type":"rate_limit_error"'],
  'anthropic-messages': ['"type":"overloaded_error"', '"type":"rate_limit_error"'],
  gemini: ['"status":"UNAVAILABLE"', '"status":"RESOURCE_EXHAUSTED"'],
};
const NAMES = Object.keys(SENT) as ClientDialect[];

describe.each(NAMES)('an error of %s', (provider) => {
  test.each(NAMES.filter((client) => client !== provider))('for a client of %s', async (client) => {
    for (const kind of [0, 1] as const) {
      const translator = new StreamTranslator(
        DIALECT_MODULES[client],
        DIALECT_MODULES[provider],
        context,
        () => {},
      );
      const said = Buffer.from(await translator.push(Buffer.from(SENT[provider][kind]), true)).toString();
      expect(said).toContain(READ[client][kind]);
    }
  });
});
