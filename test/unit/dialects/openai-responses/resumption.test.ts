import { describe, expect, it, test } from 'vitest';
import { resumption } from '../../../../src/dialects/openai-responses/resumption.ts';
import type { JsonObject, JsonValue } from '../../../../src/json/json-value.ts';
import type { ReadBody } from '../../../../src/plan/read-body.ts';
import { readBody } from '../../../../src/plan/read-body.ts';
import { CONTEXT, SEED } from './support.ts';

const asked = (text: string): ReadBody => readBody(Buffer.from(text));
const kept = (input: string, output: JsonValue[]): { input: Buffer; answer: Buffer } => ({
  input: Buffer.from(input),
  answer: Buffer.from(JSON.stringify({ id: `resp_${SEED}`, instructions: 'Be brief.', output })),
});
const read = (bytes: Buffer): JsonObject => JSON.parse(bytes.toString()) as JsonObject;

const SAID: JsonObject = {
  id: `msg_${SEED}0000`,
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Paris', annotations: [] }],
};
const CALL: JsonObject = {
  id: `fc_${SEED}0001`,
  type: 'function_call',
  status: 'completed',
  call_id: 'c1',
  name: 'f',
  arguments: '{}',
};
const THOUGHT: JsonObject = {
  id: `rs_${SEED}0002`,
  type: 'reasoning',
  summary: [],
  encrypted_content: 'pointsman.anthropic-messages.Sig=',
};

describe('what is asked', () => {
  it.each([
    ['{"input":"a\\u00e9\\n"}', '[{"type":"message","role":"user","content":"a\\u00e9\\n"}]'],
    [
      '{"input": [ {"role":"user","n":12345678901234567890} ] }',
      '[ {"role":"user","n":12345678901234567890} ]',
    ],
    ['{"input":"first","input":"second"}', '[{"type":"message","role":"user","content":"second"}]'],
    ['{"model":"m"}', '[]'],
    ['{"input":null}', '[]'],
  ])('of %s is %s, in the bytes that came', (body, items) => {
    expect(resumption.inputOf(asked(body)).toString()).toBe(items);
  });
});

describe('a resumed request', () => {
  const request = '{"model":"m","previous_response_id":"resp_x","input":"And here?","x":1.0}';

  it('has all that came before in its input, and its own bytes otherwise', () => {
    const earlier = kept('[{"role":"user","content":"Capital?","n":12345678901234567890}]', [SAID]);
    const text = resumption.resume(asked(request), earlier).toString();
    expect(text).toContain('{"role":"user","content":"Capital?","n":12345678901234567890},');
    expect(text).toContain('"x":1.0}');
    expect(read(Buffer.from(text))).toEqual({
      model: 'm',
      previous_response_id: 'resp_x',
      input: [
        expect.objectContaining({ content: 'Capital?' }),
        { type: 'message', role: 'assistant', content: SAID['content'] },
        { type: 'message', role: 'user', content: 'And here?' },
      ],
      x: 1,
    });
  });

  it('takes the items of the answer without ids and states, but for reasoning', () => {
    const input = read(resumption.resume(asked(request), kept('[]', [THOUGHT, CALL])))['input'];
    const { id: _, status: __, ...call } = CALL;
    expect(input).toEqual([THOUGHT, call, { type: 'message', role: 'user', content: 'And here?' }]);
  });

  it('may bring nothing of its own, and go on from nothing that was said', () => {
    const alone = asked('{"previous_response_id":"resp_x"}');
    expect(read(resumption.resume(alone, kept('[{"role":"user"}]', [])))['input']).toEqual([
      { role: 'user' },
    ]);
    expect(read(resumption.resume(alone, kept('[ ]', [])))['input']).toEqual([]);
  });

  it('quotes nothing of what was kept, should it be damaged', () => {
    const damaged = { input: Buffer.from('[]'), answer: Buffer.from('{"secret') };
    expect(() => resumption.resume(asked(request), damaged)).toThrow(
      /^what was kept of a conversation is damaged$/,
    );
    expect(() => resumption.listInput('resp_x', Buffer.from('[secret'), true)).toThrow(/is damaged$/);
  });

  it('does not carry the instructions over', () => {
    const text = resumption.resume(asked(request), kept('[]', [SAID])).toString();
    expect(text).not.toContain('Be brief.');
  });

  it('is the same for the same, which stays as it was', () => {
    const one = asked(request);
    const earlier = kept('[]', [SAID]);
    const twice = [1, 2].map(() => resumption.resume(one, earlier).toString());
    expect(twice[0]).toBe(twice[1]);
    expect([one.bytes.toString(), earlier.input.toString()]).toEqual([request, '[]']);
  });
});

test('for a provider of its own dialect it names no answer that the provider does not have', () => {
  const bytes = resumption.detach(asked('{"previous_response_id":"resp_x","input":[{"n":1.0}]}'));
  expect(bytes.toString()).toBe('{"input":[{"n":1.0}]}');
});

describe('an id', () => {
  it('is known as ours by its form', () => {
    expect(resumption.isOurs(resumption.idOf(CONTEXT.seed))).toBe(true);
    expect(resumption.isOurs('resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b')).toBe(false);
    expect(resumption.isOurs(`resp_${SEED}\n`)).toBe(false);
  });

  it.each([
    [{ previous_response_id: 'resp_x' }, 'resp_x'],
    [{ previous_response_id: null }, undefined],
    [{}, undefined],
  ])('of %j is %j', (body, id) => {
    expect(resumption.previousOf(body)).toBe(id);
  });
});

describe('an answer', () => {
  it.each([
    ['completed', true],
    ['incomplete', true],
    ['failed', false],
    ['in_progress', false],
  ])('that is %s may be gone on from: %s', (status, may) => {
    expect(resumption.isWhole({ status })).toBe(may);
  });

  it.each([
    [{}, true],
    [{ store: null }, true],
    [{ store: true }, true],
    [{ store: false }, false],
  ])('to %j may be kept: %s', (body, may) => {
    expect(resumption.mayKeep(body)).toBe(may);
  });
});

describe('the list of what was asked', () => {
  const input = Buffer.from('[{"role":"user","content":"a"},{"id":"own","role":"user","content":"b"}]');
  const items = [
    { id: 'resp_x_input_0', role: 'user', content: 'a' },
    { id: 'own', role: 'user', content: 'b' },
  ];

  it('has the newest first unless the other order is asked for', () => {
    expect(resumption.listInput('resp_x', input, false)).toEqual({
      object: 'list',
      data: items,
      first_id: 'resp_x_input_0',
      last_id: 'own',
      has_more: false,
    });
    expect(resumption.listInput('resp_x', input, true)['data']).toEqual([...items].reverse());
  });

  it('may be empty', () => {
    const list = resumption.listInput('resp_x', Buffer.from('[]'), true);
    expect(list).toMatchObject({ data: [], first_id: null, last_id: null });
  });
});
