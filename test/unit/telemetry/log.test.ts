import { expect, test } from 'vitest';
import { createLog, type LogFields, type LogLevel } from '../../../src/telemetry/log.ts';

const NOW = '2026-01-02T03:04:05.678Z';

function lineOf(level: LogLevel, message: string, fields?: LogFields): string {
  const lines: string[] = [];
  const log = createLog(
    (line) => lines.push(line),
    () => new Date(NOW),
  );
  log(level, message, fields);
  expect(lines).toHaveLength(1);
  return lines.join('');
}

test('time, level, message and fields, in columns that line up', () => {
  expect(lineOf('info', 'started')).toBe(`${NOW} info  started\n`);
  expect(lineOf('error', 'ended', { process: 'worker-0', restart_in_ms: 50 })).toBe(
    `${NOW} error ended process=worker-0 restart_in_ms=50\n`,
  );
});

test.each([
  ['http://127.0.0.1:4317/a.b', 'http://127.0.0.1:4317/a.b'],
  ['a@b', 'a@b'],
  ['', '""'],
  ['two words', '"two words"'],
  ['a=b', '"a=b"'],
  ['say "no"', '"say \\"no\\""'],
  ['one\ntwo\r\n', '"one\\ntwo\\r\\n"'],
  ['\u001b[31mred', '"\\u001b[31mred"'],
])('the value %j is one word in one line', (value, written) => {
  expect(lineOf('warn', 'm', { value })).toBe(`${NOW} warn  m value=${written}\n`);
});
