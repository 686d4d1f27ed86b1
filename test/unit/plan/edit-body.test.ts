// The bytes of a request that goes to a model of the client's own dialect.

import { expect, test } from 'vitest';
import { editBody } from '../../../src/plan/edit-body.ts';
import { readBody } from '../../../src/plan/read-body.ts';

const edit = (text: string, modelId = 'm') =>
  editBody(readBody(Buffer.from(text)), modelId, 'anthropic-messages', undefined)?.toString();
const body = (signature: string) =>
  `{ "model":"m", "x": 12345678901234567890, "messages": [{"role":"assistant","content":[` +
  `{"type":"thinking","thinking":"hm","signature":"${signature}"},{"type":"text","text":"a"}]}] }`;

test('stay as they are where nothing has to change', () => {
  expect(edit(body('own'))).toBeUndefined();
});

test('lose what is ours, and get the model’s id', () => {
  expect(edit('{"model":"a", "routing_policy":[], "x":1}')).toBe('{"model":"m", "x":1}');
});

test('change in the history alone where another vendor spoke in it', () => {
  expect(edit(body('pointsman.gemini.x'))).toBe(
    '{ "model":"m", "x": 12345678901234567890, "messages": ' +
      '[{"role":"assistant","content":[{"type":"text","text":"a"}]}] }',
  );
});
