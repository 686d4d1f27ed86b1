// The ids of tool calls. Anthropic refuses any that has other characters than these; other vendors' have them, so such an id
// is written in base64url, the same in a call and in its result.

const TAKEN = /^[a-zA-Z0-9_-]+$/;

export function encodeToolId(id: string): string {
  return TAKEN.test(id) ? id : `toolu_${Buffer.from(id).toString('base64url')}`;
}
