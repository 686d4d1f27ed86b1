// What warnings and refusals are about, in the client's own words: encoders name members as Chat does, by the neutral request.

import type { DecodedRequest } from '../dialects/client-dialect.ts';

const MESSAGE = /^messages\[(\d+)\](?:\.content\[(\d+)\])?(.*)$/;

/**
 * @param param `messages[2].content[0].detail`, `tools[1]`, `max_tokens`
 * @param names of the client's dialect, where they differ
 */
export function clientParam(
  param: string,
  { places }: Pick<DecodedRequest, 'places'>,
  names: Readonly<Record<string, string>> = {},
): string {
  const [, message, part, rest = ''] = MESSAGE.exec(param) ?? [];
  if (message === undefined) return named(param, names);
  const place = places[Number(message)];
  if (place === undefined) return param;
  const { path, parts } = place;
  if (part === undefined) return path + rest;
  if (parts !== undefined) return `${path}${parts}[${part}]${rest}`;
  return rest.includes('[') ? path : path + rest;
}

/** Lists that the client writes in another way are named without a number. */
function named(param: string, names: Readonly<Record<string, string>>): string {
  if (Object.hasOwn(names, param)) return names[param] ?? param;
  const end = param.search(/[.[]/);
  const head = end < 0 ? param : param.slice(0, end);
  return Object.hasOwn(names, head) ? (names[head] ?? param) : param;
}
