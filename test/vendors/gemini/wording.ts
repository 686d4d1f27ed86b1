// Replies as Gemini's generateContent words them. https://ai.google.dev/api/generate-content#generatecontentresponse

import { argumentsOf, chunks, type Reply, type ReplyUsage, type Scene } from '../reply.ts';
import { SIGNATURES } from '../signatures.ts';
import type { VendorEvent } from '../vendor.ts';

const IDS = ['gs7hk2qa', 'p3vd90xw', 'z8mc41ty'];
const isLater = (model: string): boolean => model.startsWith('gemini-3');

/** Thoughts are counted beside the candidates, cached tokens within the prompt. */
const usageOf = ({ input, cached, output, reasoning }: ReplyUsage): object => ({
  promptTokenCount: input,
  candidatesTokenCount: output - reasoning,
  totalTokenCount: input + output,
  cachedContentTokenCount: cached,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
  cacheTokensDetails: [{ modality: 'TEXT', tokenCount: cached }],
  ...(reasoning === 0 ? {} : { thoughtsTokenCount: reasoning }),
});

const responseOf = (scene: Scene, usage: object, parts: readonly object[], finish?: string): object => ({
  candidates: [
    {
      content: { ...(parts.length === 0 ? {} : { parts }), role: 'model' },
      ...(finish === undefined ? {} : { finishReason: finish }),
      index: 0,
    },
  ],
  usageMetadata: usage,
  modelVersion: scene.model,
  responseId: 'kTgjacOeF5qJz7IP0L6Y2QU',
});

const finishOf = ({ isCut }: Reply): string => (isCut ? 'MAX_TOKENS' : 'STOP');
const thought = (text: string): object => ({ text, thought: true });

/** The first call of a turn that was thought about carries the signature; from Gemini 3 on every turn is, and calls have ids. */
const callParts = ({ calls, reasoning }: Reply, { model }: Scene): object[] =>
  calls.map((call, index) => ({
    functionCall: {
      ...(isLater(model) ? { id: IDS[call.number ?? index] } : {}),
      name: call.name,
      args: argumentsOf(call),
    },
    ...((reasoning !== undefined || isLater(model)) && index === 0
      ? { thoughtSignature: SIGNATURES.gemini }
      : {}),
  }));

export function wordReply(reply: Reply, scene: Scene): object {
  const parts = [
    ...(reply.reasoning === undefined || reply.reasoning === '' ? [] : [thought(reply.reasoning)]),
    ...(reply.text === undefined
      ? []
      : [
          {
            text: reply.text.join(''),
            ...(reply.reasoning === undefined || reply.calls.length > 0
              ? {}
              : { thoughtSignature: SIGNATURES.gemini }),
          },
        ]),
    ...callParts(reply, scene),
  ];
  return responseOf(scene, usageOf(reply.usage), parts, finishOf(reply));
}

/** The counts grow from event to event; the end is the last event's finishReason, also after calls. */
export function streamReply(reply: Reply, scene: Scene): VendorEvent[] {
  const soFar = { promptTokenCount: reply.usage.input, totalTokenCount: reply.usage.input };
  const event = (usage: object, parts: readonly object[], finish?: string): VendorEvent => {
    const value = responseOf(scene, usage, parts, finish);
    return { bytes: Buffer.from(`data: ${JSON.stringify(value)}\r\n\r\n`), value };
  };
  const proof = reply.reasoning === undefined ? {} : { thoughtSignature: SIGNATURES.gemini };
  const last = reply.calls.length > 0 ? callParts(reply, scene) : [{ text: '', ...proof }];
  return [
    ...chunks(reply.reasoning ?? '').map((text) => event(soFar, [thought(text)])),
    ...(reply.text ?? []).map((text) => event(soFar, [{ text }])),
    event(usageOf(reply.usage), last, finishOf(reply)),
  ];
}
