import { describe, expect, it } from 'vitest';
import { answered, chat, forwarded, harness, NOT_CALLABLE } from './stage-harness.ts';

describe('sessions', () => {
  const session = { 'x-model-affinity': 's' };

  it('pin their first choice and skip the router from then on', async () => {
    const first = harness('reasoning');
    forwarded(await first.send({ headers: session, body: chat() }));
    expect(first.pins.get('s')).toEqual({
      model: 'openai/gpt-4o',
      models: ['openai/gpt-4o'],
      route: 'reasoning',
    });
    const again = harness(null);
    again.pins.set('s', { model: 'openai/gpt-4o', models: ['openai/gpt-4o'], route: 'reasoning' });
    const forward = forwarded(await again.send({ headers: session, body: chat() }));
    expect(forward.metadata).toMatchObject({ model: 'openai/gpt-4o', route: 'reasoning', reason: 'pinned' });
    expect(again.questions).toEqual([]);
  });

  it('pin the default where no route matched', async () => {
    const { send, pins } = harness(null);
    forwarded(await send({ headers: session, body: chat() }));
    expect(pins.get('s')).toEqual({
      model: 'openai/gpt-4o-mini',
      models: ['openai/gpt-4o-mini'],
      route: null,
    });
  });

  it('let the first of two simultaneous requests win', async () => {
    const { send, pins, stage } = harness('reasoning');
    const won = { model: 'openai/gpt-4o-mini', models: ['openai/gpt-4o-mini'], route: null };
    const slow = send({ headers: session, body: chat() });
    pins.set('s', won);
    expect(forwarded(await slow).metadata).toMatchObject({
      model: 'openai/gpt-4o-mini',
      reason: expect.stringContaining('pinned'),
    });
    expect(stage).toBeDefined();
  });

  it('appear in a decision, which says whether it was pinned', async () => {
    const { send } = harness('code');
    const request = { path: '/routing/v1/chat/completions', headers: session, body: chat() };
    expect(answered(await send(request)).json).toMatchObject({ session_id: 's', pinned: false });
    expect(answered(await send(request)).json).toMatchObject({
      session_id: 's',
      pinned: true,
      model: 'anthropic/claude',
    });
  });

  it('are not held to a model that cannot answer this request', async () => {
    const { send, pins } = harness('code', NOT_CALLABLE);
    const refused = answered(await send({ headers: session, body: chat() }));
    expect(refused.status).toBe(501);
    expect(pins.size).toBe(0);
  });

  it('go to the first of their models that is served, before any default', async () => {
    const { send, pins } = harness(null);
    pins.set('s', { model: 'else/where', models: ['else/where', 'openai/gpt-4o'], route: 'mine' });
    const forward = forwarded(await send({ headers: session, body: chat() }));
    expect(forward.metadata).toMatchObject({ model: 'openai/gpt-4o', route: 'mine', reason: 'pinned' });
  });

  it('are told from one another by what was pinned, not by how a policy spells its model', async () => {
    const { send, pins } = harness('mine');
    const routing_preferences = [{ name: 'mine', description: 'anything', models: ['gpt-4o'] }];
    const forward = forwarded(await send({ headers: session, body: chat({ routing_preferences }) }));
    expect(forward.metadata['reason']).not.toContain('pinned');
    expect(pins.get('s')).toMatchObject({ model: 'openai/gpt-4o', route: 'mine' });
  });

  it('do not hold a caller who names the model where nothing is routed', async () => {
    const { send, pins } = harness(null, { policy: undefined });
    forwarded(await send({ headers: session, body: chat({ model: 'gpt-4o' }) }));
    expect(pins.size).toBe(0);
  });
});

describe('the question', () => {
  it('ends with the latest user text, so that a tool loop asks what its start asked', async () => {
    const { send, questions } = harness('reasoning');
    const start = [
      { role: 'system', content: 'You are an agent.' },
      { role: 'user', content: 'Fix the bug' },
    ];
    const loop = [
      ...start,
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [{ id: '1', function: { name: 'read', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: '1', content: 'a long file' },
    ];
    await send({ body: { messages: start } });
    await send({ body: { messages: loop } });
    expect(questions[1]?.turns).toEqual(questions[0]?.turns);
    expect(questions[0]?.turns).toEqual([{ role: 'user', text: 'Fix the bug' }]);
  });

  it('says whose routes it is about', async () => {
    const { send, questions } = harness('reasoning');
    const routing_preferences = [{ name: 'mine', description: 'anything', models: ['gpt-4o'] }];
    await send({ body: chat() });
    await send({ body: chat({ routing_preferences }) });
    expect(questions.map(({ isInline }) => isInline)).toEqual([false, true]);
  });

  it('is not asked where no user wrote anything', async () => {
    const { send, questions } = harness('reasoning');
    const image = [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.test/a.png' } }] },
    ];
    const forward = forwarded(await send({ body: { messages: image } }));
    expect(forward.metadata).toMatchObject({
      model: 'openai/gpt-4o-mini',
      reason: 'no-user-text model=default',
    });
    expect(questions).toEqual([]);
  });
});
