// Claude on Vertex AI: Messages in another API, whose bodies and paths differ.

import { describe, expect, it } from 'vitest';
import { chat, forwarded, harness, headers, target } from './stage-harness.ts';

const PATH = '/v1/projects/p/locations/l/publishers/anthropic/models/{model}';
const MODEL = 'claude-sonnet-4@20250514';
const CLAUDE = target(`vertex_ai/${MODEL}`, {
  paths: { 'anthropic-messages': `${PATH}:rawPredict` },
  streamPaths: { 'anthropic-messages': `${PATH}:streamRawPredict` },
  body: { remove: ['model'], set: { anthropic_version: 'vertex-2023-10-16' } },
  refusesSystemTurns: true,
});

function stage() {
  return harness(null, { policy: undefined, targets: [CLAUDE], defaultTarget: undefined });
}
const whole = (operation: string): string => `${PATH.replace('{model}', MODEL)}:${operation}`;

describe('Claude on Vertex AI', () => {
  it('gets a Messages client’s bytes without the model, with the version, and nothing else changed', async () => {
    const body =
      `{"max_tokens":5, "model":"vertex_ai/${MODEL}", "n":12345678901234567890,` +
      ' "messages":[{"role":"user","content":"h\\u00e9"}] }';
    const forward = forwarded(await stage().send({ path: '/v1/messages?beta=true', body }));
    expect(forward.body?.toString()).toBe(
      '{"anthropic_version":"vertex-2023-10-16","max_tokens":5, "n":12345678901234567890,' +
        ' "messages":[{"role":"user","content":"h\\u00e9"}] }',
    );
    expect(headers(forward)[':path']).toBe(whole('rawPredict'));
    expect(headers(forward)['content-length']).toBe(`${forward.body?.length}`);
  });

  it('overrides a version that the client brings', async () => {
    const body = chat({ model: `vertex_ai/${MODEL}`, max_tokens: 5, anthropic_version: 'other' });
    const forward = forwarded(await stage().send({ path: '/v1/messages', body }));
    expect(JSON.parse(`${forward.body?.toString()}`)).toMatchObject({
      anthropic_version: 'vertex-2023-10-16',
    });
  });

  it('gets a Chat client’s request in the same form, streamed at its own path', async () => {
    const body = chat({ model: `vertex_ai/${MODEL}`, stream: true });
    const forward = forwarded(await stage().send({ path: '/v1/chat/completions', body }));
    const sent = JSON.parse(`${forward.body?.toString()}`) as object;
    expect(sent).toMatchObject({ anthropic_version: 'vertex-2023-10-16', stream: true });
    expect(sent).not.toHaveProperty('model');
    expect(headers(forward)[':path']).toBe(whole('streamRawPredict'));
  });

  it('gets instructions in mid-conversation in the system prompt, also where the model takes them elsewhere', async () => {
    const newest = 'claude-opus-4-8';
    const { name: _, ...others } = CLAUDE;
    const targets = [{ ...others, name: `vertex_ai/${newest}`, modelId: newest }];
    const asked = chat({
      model: `vertex_ai/${newest}`,
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'developer', content: 'be short' },
      ],
    });
    const { send } = harness(null, { policy: undefined, targets, defaultTarget: undefined });
    const sent = JSON.parse(`${forwarded(await send({ body: asked })).body}`) as unknown;
    expect(sent).toMatchObject({ system: [{ type: 'text', text: 'be short' }] });
  });
});
