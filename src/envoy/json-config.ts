// Small words for Envoy's own configuration language: protobuf in JSON form.

/** An Envoy message in its JSON form; the field names are Envoy's. */
export interface EnvoyMessage {
  [field: string]: EnvoyValue;
}
export type EnvoyValue = string | number | boolean | EnvoyMessage | EnvoyValue[];

/** A protobuf Duration. @param milliseconds 0 or more */
export function duration(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}

/** A typed_config: the message with its type's name. */
export function typed(type: string, message: EnvoyMessage = {}): EnvoyMessage {
  return { '@type': `type.googleapis.com/${type}`, ...message };
}
