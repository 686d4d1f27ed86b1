// One event of an event stream. JSON text holds no line ends, so one `data` line is enough.

/** @param json text without line ends */
export function encodeData(json: string): string {
  return `data: ${json}\n\n`;
}

/** With the name that OpenAI's Responses and Anthropic's Messages streams carry. */
export function encodeNamed(name: string, json: string): string {
  return `event: ${name}\ndata: ${json}\n\n`;
}
