import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildPrompt } from '../../../../src/decide/arch-router/prompt.ts';
import { ask, ROUTES } from '../questions.ts';

describe('buildPrompt', () => {
  const prompt = buildPrompt(
    ask('now "quote" it\nplease ü', { role: 'user', text: 'hello' }, { role: 'assistant', text: 'hi' }),
  );

  test('is the form that the model was tuned on, byte for byte', () => {
    expect(prompt.split('\n')).toEqual([
      '',
      'You are a helpful assistant designed to find the best suited route.',
      'You are provided with route description within <routes></routes> XML tags:',
      '<routes>',
      '[{"name":"code_generation","description":"generating new code, writing functions"},{"name":"complex_reasoning","description":"multi-step analysis"}]',
      '</routes>',
      '',
      '<conversation>',
      '[{"role":"user","content":"hello"},{"role":"assistant","content":"hi"},{"role":"user","content":"now \\"quote\\" it\\nplease ü"}]',
      '</conversation>',
      '',
      'Your task is to decide which route is best suit with user intent on the conversation in <conversation></conversation> XML tags.  Follow the instruction:',
      '1. If the latest intent from user is irrelevant or user intent is full filled, response with other route {"route": "other"}.',
      '2. You must analyze the route descriptions and find the best match route for user latest intent.',
      "3. You only response the name of the route that best matches the user's request, use the exact name in the <routes></routes>.",
      '',
      'Based on your analysis, provide your response in the following JSON formats if you decide to match any route:',
      '{"route": "route_name"}',
      '',
    ]);
  });

  test('keeps its digest', () => {
    expect(hash('sha256', prompt)).toBe('95049c0b1e3800fb19450944cb7729db86479d4b83616a3d373142089fd8f78a');
  });

  test('keeps the order of the routes', () => {
    const reversed = buildPrompt({ ...ask('x'), routes: ROUTES.toReversed() });
    expect(reversed.indexOf('complex_reasoning')).toBeLessThan(reversed.indexOf('code_generation'));
  });

  test('does not leak examples to the model', () => {
    expect(prompt).not.toContain('parser');
  });

  test('costs little for a huge turn', () => {
    const huge = ask('ü'.repeat(5_000_000), { role: 'user', text: 'x'.repeat(10_000_000) });
    buildPrompt(huge);
    const begun = performance.now();
    for (let round = 0; round < 50; round++) buildPrompt(huge);
    expect((performance.now() - begun) / 50).toBeLessThan(5);
    expect(Buffer.byteLength(buildPrompt(huge))).toBeLessThan(12_000);
  });
});
