// Proofs of reasoning on their way through clients of other dialects.

import { describe, expect, it, test } from 'vitest';
import { DIALECTS } from '../../../src/contract/dialect.ts';
import { readSignature, type Signature, writeSignature } from '../../../src/conversation/signature.ts';

describe('signatures', () => {
  test.each(DIALECTS.flatMap((own) => DIALECTS.map((field) => ({ own, field }))))(
    'one of $own comes through $field unchanged',
    ({ own, field }) => {
      const signature: Signature = { dialect: own, value: 'Eq/a+.b==' };
      expect(readSignature(writeSignature(signature, field), field)).toEqual(signature);
    },
  );

  it('keeps the item that a foreign field has no place for', () => {
    const signature: Signature = { dialect: 'openai-responses', value: 'gA/A.A=', id: 'rs_1' };
    const written = writeSignature(signature, 'anthropic-messages');
    expect(written).toBe('pointsman.openai-responses/rs_1.gA/A.A=');
    expect(readSignature(written, 'anthropic-messages')).toEqual(signature);
  });

  it('writes a native one bare, with its item elsewhere', () => {
    const signature: Signature = { dialect: 'openai-responses', value: 'gAAA', id: 'rs_1' };
    expect(writeSignature(signature, 'openai-responses')).toBe('gAAA');
  });

  it('leaves out an item that could not be told from the proof', () => {
    const signature: Signature = { dialect: 'openai-responses', value: 'gAAA', id: 'rs.1' };
    expect(readSignature(writeSignature(signature, 'gemini'), 'gemini')).toEqual({
      dialect: 'openai-responses',
      value: 'gAAA',
    });
  });

  it.each(['pointsman.nobody.x', 'pointsman.', 'pointsmanx', ''])('takes %j for the vendor’s own', (text) => {
    expect(readSignature(text, 'anthropic-messages')).toEqual({ dialect: 'anthropic-messages', value: text });
  });
});
