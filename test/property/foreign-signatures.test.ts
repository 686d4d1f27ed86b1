// A conversation that moves from vendor to vendor: each gets its own proofs back as they were, and nobody another's.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientDialect } from '../../src/contract/dialect.ts';
import type { Answer } from '../../src/conversation/answer.ts';
import { answerEvents } from '../../src/conversation/answer-events.ts';
import type { Part } from '../../src/conversation/part.ts';
import type { JsonObject } from '../../src/json/json-value.ts';
import { objectOf, objectsOf } from '../../src/json/read-value.ts';
import { editBody } from '../../src/plan/edit-body.ts';
import { readBody } from '../../src/plan/read-body.ts';
import { DIALECT_MODULES } from '../../src/translate/dialect-modules.ts';

const MODEL: Readonly<Record<ClientDialect, string>> = {
  // A server that wants its reasoning back.
  'openai-chat': 'deepseek-chat',
  'openai-responses': 'gpt-5',
  'anthropic-messages': 'claude-opus-4-8',
  gemini: 'gemini-3-pro',
};

/** One client, its history on its own wire. */
interface Client {
  readonly body: (history: JsonObject[]) => JsonObject;
  /** The question, and what the results of the calls before it are. */
  readonly ask: (calls: readonly string[]) => JsonObject[];
  /** What it keeps of an answer. */
  readonly keep: (answer: JsonObject) => JsonObject[];
}

const CLIENTS: Readonly<Record<ClientDialect, Client>> = {
  'openai-chat': {
    body: (messages) => ({ model: 'm', messages }),
    ask: (calls) => [
      ...calls.map((tool_call_id) => ({ role: 'tool', tool_call_id, content: 'ok' })),
      { role: 'user', content: 'go on' },
    ],
    keep: ({ choices }) => objectsOf(choices).map(({ message }) => objectOf(message)),
  },
  'openai-responses': {
    body: (input) => ({ model: 'm', store: false, input }),
    ask: (calls) => [
      ...calls.map((call_id) => ({ type: 'function_call_output', call_id, output: 'ok' })),
      { role: 'user', content: 'go on' },
    ],
    keep: ({ output }) => objectsOf(output),
  },
  'anthropic-messages': {
    body: (messages) => ({ model: 'm', max_tokens: 9, messages }),
    ask: (calls) => [
      {
        role: 'user',
        content: [
          ...calls.map((tool_use_id) => ({ type: 'tool_result', tool_use_id, content: 'ok' })),
          { type: 'text', text: 'go on' },
        ],
      },
    ],
    keep: ({ content }) => [{ role: 'assistant', content: objectsOf(content) }],
  },
  gemini: {
    body: (contents) => ({ contents }),
    ask: (calls) => [
      {
        role: 'user',
        parts: [
          ...calls.map((id) => ({ functionResponse: { id, name: 'f', response: { output: 'ok' } } })),
          { text: 'go on' },
        ],
      },
    ],
    keep: ({ candidates }) => objectsOf(candidates).map(({ content }) => objectOf(content)),
  },
};

const vendor = fc.constantFrom<ClientDialect>(
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
);
const turn = fc.record({ vendor, calls: fc.boolean(), thinks: fc.boolean(), redacted: fc.boolean() });
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

/** As that vendor would answer; only Gemini signs calls, only Anthropic redacts. */
function answerOf({ vendor: dialect, calls, thinks, redacted }: Turn, number: number): Answer {
  const signature = { dialect, value: `SIGN${number}${dialect.replaceAll('-', '')}==` };
  const isRedacted = redacted && dialect === 'anthropic-messages';
  const thought: Part = isRedacted
    ? { type: 'reasoning', text: '', redacted: true, signature }
    : { type: 'reasoning', text: `thought ${number}`, signature };
  const call: Part = { type: 'tool-call', id: `c${number}`, name: 'f', arguments: '{}' };
  const isSigned = dialect === 'gemini' && !thinks;
  return {
    choices: [
      {
        parts: [
          ...(thinks ? [thought] : []),
          { type: 'text', text: 'said' },
          ...(calls ? [isSigned ? { ...call, signature } : call] : []),
        ],
        finishReason: calls ? 'tool-calls' : 'stop',
      },
    ],
  };
}

function proofsIn({ choices }: Answer): string[] {
  return choices.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      'signature' in part && part.signature !== undefined ? [part.signature.value] : [],
    ),
  );
}

/** What goes out to the vendor: the client's bytes where it speaks the same dialect, else a translation. */
function send(client: ClientDialect, body: JsonObject, to: ClientDialect): string {
  const bytes = Buffer.from(JSON.stringify(body));
  if (client === to) return (editBody(readBody(bytes), MODEL[to], client, undefined) ?? bytes).toString();
  const { request } = DIALECT_MODULES[client].decodeRequest(body);
  const target = { modelId: MODEL[to], stream: false, asksForUsage: true };
  return JSON.stringify(DIALECT_MODULES[to].encodeRequest(request, target).body);
}

describe.each(Object.keys(CLIENTS) as ClientDialect[])('from a client that speaks %s', (client) => {
  const { body, ask, keep } = CLIENTS[client];

  it('every vendor gets back what it signed, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 5 }), vendor, (turns, last) => {
        const history = ask([]);
        const signed: { readonly by: ClientDialect; readonly proof: string }[] = [];
        const check = (to: ClientDialect): void => {
          const sent = send(client, body(history), to);
          for (const { by, proof } of signed) {
            if (by === to) expect(sent).toContain(proof);
            else expect(sent).not.toContain(proof);
          }
          expect(sent).not.toContain('pointsman');
          expect(sent).not.toContain(Buffer.from('pointsman').toString('base64'));
        };
        for (const [number, one] of turns.entries()) {
          check(one.vendor);
          const answer = answerOf(one, number);
          const context = {
            seed: `${number}`.padStart(24, '0'),
            created: 7,
            model: 'm',
            stream: false,
            memo: {},
          };
          history.push(...keep(DIALECT_MODULES[client].encodeAnswer(answer, context)));
          history.push(...ask(one.calls ? [`c${number}`] : []));
          for (const proof of proofsIn(answer)) signed.push({ by: one.vendor, proof });
        }
        check(last);
      }),
    );
  });
});

it('a stream carries the same proofs as a plain answer', () => {
  fc.assert(
    fc.property(turn, vendor, (one, client) => {
      const answer = answerOf(one, 0);
      const context = { seed: '0'.repeat(24), created: 7, model: 'm', stream: true, memo: {} };
      const encoder = DIALECT_MODULES[client].createStreamEncoder(context);
      const streamed = answerEvents(answer)
        .map((event) => encoder.push(event))
        .join('');
      const plain = JSON.stringify(DIALECT_MODULES[client].encodeAnswer(answer, context));
      const fields = /"(?:signature|data|encrypted_content|thought_signature|thoughtSignature)":"([^"]+)"/g;
      const found = (text: string) => new Set([...text.matchAll(fields)].map(([, value]) => value));
      expect(found(streamed)).toEqual(found(plain));
    }),
  );
});
