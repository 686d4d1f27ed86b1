// OpenAI's own models refuse reasoning that comes back; DeepSeek insists on it: https://api-docs.deepseek.com/guides/thinking_mode

const TAKES_NONE = /^(gpt-|o\d|chatgpt)/;

export function takesReasoning(modelId: string): boolean {
  return !TAKES_NONE.test(modelId);
}
