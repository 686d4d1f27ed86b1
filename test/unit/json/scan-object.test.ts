import { describe, expect, it } from 'vitest';
import { JsonScanError, scanObject } from '../../../src/json/scan-object.ts';

const scan = (text: string): string[] => scanObject(Buffer.from(text)).map((member) => member.key);

describe('scanObject', () => {
  it('lists members in order, duplicates and escaped keys included', () => {
    expect(scan(' {"model" : "a", "mod\\u0065l":"b","x":{"model":1}} \n')).toEqual(['model', 'model', 'x']);
    expect(scan('{}')).toEqual([]);
  });

  it.each(['', 'null', '[]', '"x"', '{"a":1', '{"a', '{"a" 1}', '{"a":"\\"}', '{"a":1}x', '{"\\x":1}'])(
    'refuses %j',
    (text) => {
      expect(() => scan(text)).toThrow(JsonScanError);
    },
  );

  it('refuses 100,000 brackets before anything recursive sees them', () => {
    expect(() => scan(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toThrow('nested deeper than');
  });

  it('refuses millions of small values', () => {
    expect(() => scan(`{"a":[${'0,'.repeat(1_100_000)}0]}`)).toThrow('more than 1000000 values');
    expect(() => scan(`{"a":[${'[],'.repeat(600_000)}0]}`)).toThrow('more than 1000000 values');
  });

  it('takes time in proportion to the bytes, also where they are all backslashes or quotes', () => {
    const escapes = `{"a":"${'\\\\'.repeat(2_000_000)}${'\\"'.repeat(500_000)}"}`;
    expect(scan(escapes)).toEqual(['a']);
  });
});
