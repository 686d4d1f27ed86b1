import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { check } from '../../../src/cli/check.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(argv: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  let out = '';
  let err = '';
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
    env,
    cores: 3,
  };
  return { code: await check(argv, io), out, err };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const VALID = `
model_providers:
  - {model: openai/gpt-4o-mini, access_key: $KEY, default: true, fallback: [anthropic/claude]}
  - {model: anthropic/*, passthrough_auth: true, base_url: "https://proxy.example/secret-path/v1?token=secret-query"}
routing_preferences:
  - {name: code, description: writing code, models: [gpt-4o-mini, anthropic/claude], examples: [a, b]}
model_aliases: {fast: {target: gpt-4o-mini}}
routing: {engine: embedded}
metrics: {port: 9090}
system_prompt: hi
`;

describe('pointsman check', () => {
  test('prints what a valid file would run, and no key', async () => {
    const path = file('valid.yaml', VALID);
    const { code, out, err } = await run(['-f', path], { KEY: 'sk-secret' });
    expect([code, err]).toEqual([0, '']);
    expect(out).not.toMatch(/secret/);
    expect(out.replace(path, 'FILE')).toMatchInlineSnapshot(`
      "Listener       0.0.0.0:12000, timeout 300s, retries 2, bodies up to 50 MB
      Router         embedded (threshold 0.6), within 2s
      Failover       on connect-failure, reset, 429, 5xx, no first byte in 30s; 1 attempt per model, per try 120s, waits 100ms to 2s; 5 failures in a row: passed over for 30s
      Conversations  kept 3600s in memory, at most 64 MB, 100000 answers
      Sessions       kept 600s, at most 10000
      Service        workers 2, metrics 127.0.0.1:9090, drains up to 30s

      Models
        openai/gpt-4o-mini  default  chat, responses  key set       cluster openai     api.openai.com  then anthropic/claude
        anthropic/*                  messages         caller's key  cluster anthropic  proxy.example

      Aliases
        fast  openai/gpt-4o-mini

      Routes
        code        openai/gpt-4o-mini, then anthropic/claude  2 examples  writing code
        (no match)  openai/gpt-4o-mini

      Clusters
        openai     api.openai.com:443  TLS for api.openai.com
        anthropic  proxy.example:443   TLS for proxy.example

      Warnings
        system_prompt: accepted but not sent to any model by this version

      FILE is valid
      "
    `);
  });

  test('exits with 1 and prints every problem of an invalid file', async () => {
    const path = file(
      'invalid.yaml',
      'model_providers:\n  - {model: openai/a, access_key: $KEY}\nworker: 1\n',
    );
    const { code, out, err } = await run(['--file', path]);
    expect([code, out]).toEqual([1, '']);
    expect(
      err.replaceAll(path, 'FILE'),
    ).toBe(`FILE:2:35 model_providers[0].access_key: the environment variable KEY is not set; set KEY, or write passthrough_auth: true to send the caller's own key
FILE:3:1 worker: unknown key; did you mean workers?

FILE has 2 problems
`);
  });

  test.each([
    [['-f', join(folder, 'none.yaml')], 'cannot read the configuration: ENOENT'],
    [['-f', folder], 'cannot read the configuration: EISDIR'],
    [['--fil', 'x'], "Unknown option '--fil'"],
    [['x.yaml'], "Unexpected argument 'x.yaml'"],
    [['-f'], "Option '-f, --file <value>' argument missing"],
  ])('exits with 2 for %j', async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  test('with --demo takes unset keys, and says who answers instead', async () => {
    const path = file(
      'demo.yaml',
      'model_providers:\n  - {model: openai/a, access_key: $KEY}\n  - {model: groq/b, access_key: $GROQ}\n',
    );
    expect((await run(['-f', path], { GROQ: 'sk-groq' })).code).toBe(1);
    const { code, out, err } = await run(['-f', path, '--demo'], { GROQ: 'sk-groq' });
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('openai/a is answered by the built-in demo provider: set KEY');
    expect(out).toMatch(/openai\/a +chat, responses +no key +cluster demo/);
    expect(out).toMatch(/groq\/b +chat, responses +key set +cluster groq/);
    expect(out).not.toContain('groq/b is answered');
  });

  test('with --demo needs no key for the example', async () => {
    const example = fileURLToPath(new URL('../../../envoy/config.yaml', import.meta.url));
    expect(readFileSync(example, 'utf8')).toContain('npx pointsman check -f envoy/config.yaml --demo');
    const { code, out } = await run(['-f', example, '--demo']);
    expect(code).toBe(0);
    expect(out.match(/is answered by the built-in demo provider/g)).toHaveLength(3);
  });

  test('refuses a CA file that is not there', async () => {
    const ca = file('ca.pem', '');
    const config = (caFile: string): string =>
      file(
        'tls.yaml',
        `model_providers:\n  - {model: vllm/a, base_url: "https://h", tls: {ca_file: ${caFile}}}\n`,
      );
    expect((await run(['-f', config(ca)])).code).toBe(0);
    const { code, err } = await run(['-f', config(`${ca}.gone`)]);
    expect(code).toBe(1);
    expect(err).toContain('model_providers[0].tls.ca_file: this file does not exist or cannot be read');
  });

  test('explains itself', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: pointsman check');
  });
});
