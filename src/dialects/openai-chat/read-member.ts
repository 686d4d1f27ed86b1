// Members of a Chat request by their kind: null counts as absent, another kind is the caller's mistake and is named.

import type { JsonObject } from '../../json/json-value.ts';
import { invalid } from '../check-fields.ts';

/** @throws GatewayError that names the member */
export function readNumber(body: JsonObject, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw invalid(name, 'a number', value);
}

/** @throws GatewayError that names the member */
export function readString(body: JsonObject, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(name, 'a string', value);
}

/** @throws GatewayError that names the member */
export function readBoolean(body: JsonObject, name: string): boolean | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalid(name, 'a boolean', value);
}

/** A string or a list of strings. @throws GatewayError that names the member */
export function readStrings(body: JsonObject, name: string): string[] | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw invalid(name, 'a string or a list of strings', value);
}
