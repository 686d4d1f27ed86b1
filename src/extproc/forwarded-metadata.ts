// Decodes what Envoy forwards of its dynamic metadata (envoy.config.core.v3.Metadata): our namespaces, and of them the
// members that hold strings, which is all that we ever put there.

import type { Kept } from '../contract/exchange.ts';
import {
  CLUSTER_ATTRIBUTE,
  METADATA_NAMESPACE,
  ORIGINAL_MEMBER,
  ORIGINAL_NAMESPACE,
} from '../contract/owned-headers.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

const FIRST = (1 << 3) | 2;
const SECOND = (2 << 3) | 2;
/** google.protobuf.Value.string_value */
const STRING_VALUE = (3 << 3) | 2;

/**
 * Envoy repeats both in every message; only those of heads are looked at, and what is large is emptied behind them.
 * @param forwarded Metadata: 1 filter_metadata, a map of namespaces to Structs
 * @param attributes an entry of a map of filters to Structs; ours asks for one attribute
 */
export function decodeKept(
  forwarded: ProtobufReader | undefined,
  attributes: ProtobufReader | undefined,
): Kept {
  const metadata: Record<string, string> = {};
  let original: Buffer | undefined;
  let cluster: string | undefined;
  if (attributes !== undefined) {
    forValue(attributes, (_, struct) => {
      forEachEntry(struct, (key, value) => {
        if (key === CLUSTER_ATTRIBUTE) cluster = stringOf(value)?.toString('utf8');
      });
    });
  }
  if (forwarded === undefined) return { metadata, original, cluster };
  forEachEntry(forwarded, (namespace, struct) => {
    if (namespace === METADATA_NAMESPACE) {
      forEachEntry(struct, (key, value) => {
        const text = stringOf(value);
        if (text !== undefined) metadata[key] = text.toString('utf8');
      });
    } else if (namespace === ORIGINAL_NAMESPACE) {
      forEachEntry(struct, (key, value) => {
        if (key === ORIGINAL_MEMBER) original = stringOf(value);
      });
    }
  });
  return { metadata, original, cluster };
}

/** A map field 1 of entries { 1: key, 2: message }: what Metadata and Struct have in common. */
function forEachEntry(reader: ProtobufReader, visit: (key: string, value: ProtobufReader) => void): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag !== FIRST) {
      reader.skip(tag);
      continue;
    }
    forValue(reader.message(), visit);
  }
}

/** An entry of a map. */
function forValue(entry: ProtobufReader, visit: (key: string, value: ProtobufReader) => void): void {
  let key = '';
  let value: ProtobufReader | undefined;
  for (let part = entry.tag(); part !== 0; part = entry.tag()) {
    if (part === FIRST) key = entry.latin1();
    else if (part === SECOND) value = entry.message();
    else entry.skip(part);
  }
  if (value !== undefined) visit(key, value);
}

function stringOf(value: ProtobufReader): Buffer | undefined {
  let text: Buffer | undefined;
  for (let tag = value.tag(); tag !== 0; tag = value.tag()) {
    if (tag === STRING_VALUE) text = value.bytes();
    else value.skip(tag);
  }
  return text;
}
