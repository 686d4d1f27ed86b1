// A certificate authority for one test run, made by openssl, and the server certificates it signs.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Authority {
  readonly caFile: string;
  /** A key and certificate that are valid for these names alone: `DNS:localhost`, `IP:127.0.0.1`. */
  issue(...names: readonly string[]): { readonly key: string; readonly cert: string };
  remove(): void;
}

export function createAuthority(): Authority {
  const directory = mkdtempSync(path.join(tmpdir(), 'pointsman-ca-'));
  const file = (name: string): string => path.join(directory, name);
  const openssl = (...argv: readonly string[]): void =>
    void execFileSync('openssl', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=Pointsman test authority'],
    ...['-keyout', file('ca.key'), '-out', file('ca.pem')],
  );
  let serial = 0;
  return {
    caFile: file('ca.pem'),
    issue(...names) {
      serial += 1;
      const [key, request, cert, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) =>
        file(`${serial}.${end}`),
      );
      if (!key || !request || !cert || !extensions) throw new Error('no file names');
      writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`);
      openssl('req', ...newKey, '-subj', '/CN=test server', '-keyout', key, '-out', request);
      openssl(
        ...['x509', '-req', '-in', request, '-CA', file('ca.pem'), '-CAkey', file('ca.key')],
        ...['-set_serial', `${serial}`, '-days', '2', '-extfile', extensions, '-out', cert],
      );
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
