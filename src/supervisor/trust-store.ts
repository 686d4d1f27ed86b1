// The certificates that Envoy checks providers against: the system's, else the ones that Node brings.

import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';

const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Alpine, and Envoy's own images
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, RHEL
  '/etc/ssl/ca-bundle.pem', // openSUSE
  '/etc/ssl/cert.pem', // macOS, OpenBSD
];

/** What a rendered configuration names where nothing is known of the machine that will read it. */
export const DEFAULT_CA_FILE = '/etc/ssl/certs/ca-certificates.crt';

/** @param directory where Node's certificates are written if the system has none */
export function findTrustStore(directory: string): string {
  const found = SYSTEM_FILES.find((file) => existsSync(file));
  if (found !== undefined) return found;
  const file = path.join(directory, 'ca-certificates.pem');
  writeFileSync(file, rootCertificates.join('\n'));
  return file;
}
