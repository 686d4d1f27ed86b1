// A provider whose stream ends too early: nobody is to take what came for the whole answer. Where Envoy can tell that the
// provider ended it, the client gets an error of its own dialect; where the connection broke, its own connection breaks too.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Behaviour, FakeProvider } from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { VENDOR_ANSWERS } from './support/vendor-answers.ts';
import { CLAUDE, listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';

let vendors: Vendors;
let pointsman: RunningPointsman;

beforeAll(async () => {
  vendors = await startVendors();
  pointsman = await startPointsman({
    config: { listeners: listener(), model_providers: providersAt(vendors) },
  });
}, 60_000);

afterEach(() => {
  vendors.verify();
  vendors.reset();
});

afterAll(async () => {
  await pointsman.stop();
  await vendors.close();
});

/** Half of the vendor's events; when the client has seen something of them, `end`. */
function half(
  dialect: 'openai-chat' | 'anthropic-messages',
  end: 'end' | 'destroy',
  isSeen: Promise<void>,
): Behaviour {
  return async (response) => {
    const { stream } = VENDOR_ANSWERS[dialect];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of stream.slice(0, Math.ceil(stream.length / 2))) response.write(event);
    await isSeen;
    response[end]();
  };
}

/** Reads to the end, as an application does. @returns what it threw */
async function read(events: AsyncIterable<unknown>, onEvent: () => void): Promise<unknown> {
  try {
    for await (const _ of events) onEvent();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

interface Client {
  readonly name: string;
  readonly provider: () => FakeProvider;
  readonly dialect: 'openai-chat' | 'anthropic-messages';
  readonly stream: () => Promise<AsyncIterable<unknown>>;
}

const content = 'Capital of France?';
const claude = `anthropic/${CLAUDE}`;
const clients: readonly Client[] = [
  {
    name: 'Chat of a Messages model',
    provider: () => vendors.anthropic,
    dialect: 'anthropic-messages',
    stream: () =>
      pointsman.openai.chat.completions.create({
        model: claude,
        messages: [{ role: 'user', content }],
        stream: true,
      }),
  },
  {
    name: 'Responses of a Messages model',
    provider: () => vendors.anthropic,
    dialect: 'anthropic-messages',
    stream: () => pointsman.openai.responses.create({ model: claude, input: content, stream: true }),
  },
  {
    name: 'Messages of a Chat model',
    provider: () => vendors.openai,
    dialect: 'openai-chat',
    stream: () =>
      pointsman.anthropic.messages.create({
        model: 'openai/gpt-4o',
        max_tokens: 100,
        messages: [{ role: 'user', content }],
        stream: true,
      }),
  },
];

describe.each(clients)('$name', ({ provider, dialect, stream }) => {
  test('is told by an error of its dialect where the provider ends its stream too early', async () => {
    const seen = Promise.withResolvers<void>();
    provider().script(half(dialect, 'end', seen.promise));
    const thrown = await read(await stream(), seen.resolve);
    expect(String(thrown)).toContain('the provider ended the stream before the answer was complete');
  });

  test('is cut off where the provider’s connection breaks', async () => {
    const seen = Promise.withResolvers<void>();
    provider().script(half(dialect, 'destroy', seen.promise));
    expect(await read(await stream(), seen.resolve)).toBeInstanceOf(Error);
    expect(provider().requests).toHaveLength(1);
  });
});
