// How much of one body Envoy and the service hold. Envoy has one limit for requests and for answers.

/** 50 MB: also what is behind in a translated stream must fit, or Envoy 1.40 dies of it. See the README's design decisions. */
const LEAST = 52_428_800;

/** @param maxBodyBytes of a request; a smaller limit than what is held is the service's own to keep */
export function bufferBytes(maxBodyBytes: number): number {
  return Math.max(maxBodyBytes, LEAST);
}
