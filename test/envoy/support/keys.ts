// The keys that the tests play with. A stand-in provider accepts its own and looks for all others in what it receives.

export const KEYS = {
  openai: 'sk-test-openai-b6c1f0',
  anthropic: 'sk-ant-test-9d2e71',
  groq: 'gsk-test-groq-5a3c48',
  gemini: 'AIza-test-gemini-71c0de',
  azure: 'azure-test-key-e07d15',
  /** What the client sends; no provider but one with `passthrough_auth` may see it. */
  caller: 'sk-test-caller-3f8a92',
} as const;
