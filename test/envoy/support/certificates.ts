// A certificate authority for one test run, and the server certificates it signs: X.509 as of RFC 5280, with what a TLS
// client looks at and nothing more. Node reads certificates but makes none, and not every machine has openssl.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Authority {
  readonly caFile: string;
  /** A key and certificate that are valid for these names and IPv4 addresses alone. */
  issue(...names: readonly string[]): { readonly key: string; readonly cert: string };
  remove(): void;
}

const DAY_MS = 86_400_000;

/** DER: a tag, a length and the contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...bytes), content]);
}
const sequence = (...contents: readonly Buffer[]): Buffer => der(0x30, ...contents);
const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const octets = (content: Buffer): Buffer => der(0x04, content);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.of(0), content);
const TRUE = der(0x01, Buffer.of(0xff));

const ECDSA_WITH_SHA256 = sequence(identifier('2a8648ce3d040302'));
const COMMON_NAME = identifier('550403');
const SUBJECT_ALTERNATIVE_NAME = identifier('551d11');
const BASIC_CONSTRAINTS = identifier('551d13');

const IS_AUTHORITY = sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE)));

function validFor(names: readonly string[]): Buffer {
  const each = names.map((name) =>
    isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)),
  );
  return sequence(SUBJECT_ALTERNATIVE_NAME, octets(sequence(...each)));
}

function commonName(text: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(text)))));
}

/** `YYMMDDhhmmssZ` */
function time(at: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));
}

interface CertificateFields {
  readonly serial: number;
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly extension: Buffer;
}

function certificate(fields: CertificateFields, signer: KeyObject): string {
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(fields.serial)),
    ECDSA_WITH_SHA256,
    commonName(fields.issuer),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    commonName(fields.subject),
    fields.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(fields.extension)),
  );
  const whole = sequence(signed, ECDSA_WITH_SHA256, bits(sign('sha256', signed, signer)));
  const lines = whole.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

export function createAuthority(): Authority {
  const issuer = 'Pointsman test authority';
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const directory = mkdtempSync(path.join(tmpdir(), 'pointsman-ca-'));
  const caFile = path.join(directory, 'ca.pem');
  const own = { serial: 1, issuer, subject: issuer, publicKey, extension: IS_AUTHORITY };
  writeFileSync(caFile, certificate(own, privateKey));
  let serial = 1;
  return {
    caFile,
    issue(...names) {
      serial += 1;
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const fields = { serial, issuer, subject: 'test server', extension: validFor(names) };
      return {
        key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: certificate({ ...fields, publicKey: pair.publicKey }, privateKey),
      };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
