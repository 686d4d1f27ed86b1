// The demo provider's answer as Gemini words it, whose paths say what other dialects say in the body.
// https://ai.google.dev/api/generate-content

import type { DemoAnswer, DemoWording } from './demo-answer.ts';

const usageOf = (answer: DemoAnswer): unknown => ({
  promptTokenCount: answer.inputTokens,
  candidatesTokenCount: answer.outputTokens,
  totalTokenCount: answer.inputTokens + answer.outputTokens,
});

const responseOf = (answer: DemoAnswer, text: string, isLast: boolean): unknown => ({
  candidates: [
    {
      content: { parts: [{ text }], role: 'model' },
      index: 0,
      ...(isLast ? { finishReason: 'STOP' } : {}),
    },
  ],
  ...(isLast ? { usageMetadata: usageOf(answer) } : {}),
  modelVersion: answer.model,
  responseId: `demo${answer.id}`,
});

export const geminiWording: DemoWording = {
  required: 'contents',
  error: (status, message) => ({
    error: { code: status, message, status: status === 404 ? 'NOT_FOUND' : 'INVALID_ARGUMENT' },
  }),
  body: (answer) => responseOf(answer, answer.pieces.join(''), true),
  events: (answer) =>
    answer.pieces.map((text, index) => ({
      data: responseOf(answer, text, index === answer.pieces.length - 1),
    })),
};

/** What a Gemini path asks for; undefined for any other. */
export function readGeminiPath(
  url: string,
): { readonly model: string; readonly stream: boolean; readonly isArray: boolean } | undefined {
  const [, model, operation] =
    /\/models\/([^?]+):(streamGenerateContent|generateContent)(?:\?|$)/.exec(url) ?? [];
  if (model === undefined) return undefined;
  const stream = operation === 'streamGenerateContent';
  return { model: decodeURIComponent(model), stream, isArray: stream && !/[?&]alt=sse\b/.test(url) };
}
