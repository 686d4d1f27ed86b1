// Of those who speak Chat only OpenAI itself takes custom tools, by its models since GPT-5; others resell those under other ids.
// https://platform.openai.com/docs/guides/latest-model

const TAKES_CUSTOM = /^gpt-[5-9](?!-chat)/;

export function takesCustomTools(modelId: string): boolean {
  return TAKES_CUSTOM.test(modelId);
}
