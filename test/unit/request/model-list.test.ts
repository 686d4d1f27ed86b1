// The list of models as each vendor's SDK reads it.

import { expect, test } from 'vitest';
import { encodeModels } from '../../../src/request/model-list.ts';

const MODELS = [
  { id: 'openai/gpt-4o', ownedBy: 'openai' },
  { id: 'fast', ownedBy: 'pointsman' },
];

const list = (path: string, headers: Readonly<Record<string, string>> = {}, name?: string): unknown =>
  JSON.parse(encodeModels(MODELS, name, path, (header) => headers[header]));

test('OpenAI’s form', () => {
  const gpt = { id: 'openai/gpt-4o', object: 'model', created: 0, owned_by: 'openai' };
  const fast = { id: 'fast', object: 'model', created: 0, owned_by: 'pointsman' };
  expect(list('/v1/models')).toEqual({ object: 'list', data: [gpt, fast] });
  expect(list('/v1/models/openai/gpt-4o', {}, 'openai/gpt-4o')).toEqual(gpt);
});

test('Anthropic’s form, for who names its version', () => {
  const headers = { 'anthropic-version': '2023-06-01' };
  const gpt = {
    id: 'openai/gpt-4o',
    type: 'model',
    display_name: 'openai/gpt-4o',
    created_at: '1970-01-01T00:00:00Z',
  };
  expect(list('/v1/models', headers)).toMatchObject({
    data: [gpt, { id: 'fast' }],
    has_more: false,
    first_id: 'openai/gpt-4o',
    last_id: 'fast',
  });
  expect(list('/v1/models/openai/gpt-4o', headers, 'openai/gpt-4o')).toEqual(gpt);
});

test('Google’s form', () => {
  expect(list('/v1beta/models')).toMatchObject({
    models: [{ name: 'models/openai/gpt-4o' }, { name: 'models/fast', displayName: 'fast' }],
  });
  expect(list('/v1beta/models/fast', {}, 'fast')).toMatchObject({ name: 'models/fast' });
});

test('a model that is not there', () => {
  expect(() => list('/v1/models/x', {}, 'x')).toThrow(/not in the list/);
});
