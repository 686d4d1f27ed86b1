// The requests of the benchmark, as the bytes that go over the wire.

import type { ClientDialect } from '../../src/contract/dialect.ts';

/** Stands in fresh prompts where the load generator counts. */
export const COUNTER = '00000';

const SYSTEM =
  'You are a careful assistant. Answer briefly, in plain words, and say so when you are not sure. ';

const INSTRUCTIONS = SYSTEM.repeat(8);
const QUESTION = 'Write a function that sorts a list of trains by their departure.';

export interface ChatRequest {
  readonly path?: string;
  readonly model: string;
  readonly prompt?: string;
  readonly stream?: boolean;
}

/** A chat request with a body of about 1 KB. */
export function chatRequest({ path, model, prompt, stream }: ChatRequest): Buffer {
  return httpRequest(path ?? '/v1/chat/completions', {
    model,
    ...(stream === true ? { stream: true } : {}),
    temperature: 0.2,
    messages: [
      { role: 'system', content: INSTRUCTIONS },
      { role: 'user', content: prompt ?? QUESTION },
    ],
  });
}

export function httpRequest(path: string, value: object): Buffer {
  const body = JSON.stringify(value);
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: gateway.bench',
    'content-type: application/json',
    'accept: application/json',
    'user-agent: bench/1',
    'authorization: Bearer the-caller',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** The request of chatRequest as a client of any dialect words it. */
export function dialectRequest(dialect: ClientDialect, model: string, stream: boolean): Buffer {
  const asked = { model, ...(stream ? { stream: true } : {}), temperature: 0.2 };
  switch (dialect) {
    case 'openai-chat':
      return chatRequest({ model, stream });
    case 'openai-responses':
      return httpRequest('/v1/responses', {
        ...asked,
        instructions: INSTRUCTIONS,
        input: QUESTION,
        store: false,
      });
    case 'anthropic-messages':
      return httpRequest('/v1/messages', {
        ...asked,
        max_tokens: 1024,
        system: INSTRUCTIONS,
        messages: [{ role: 'user', content: QUESTION }],
      });
    case 'gemini':
      return httpRequest(
        `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
        {
          systemInstruction: { parts: [{ text: INSTRUCTIONS }] },
          contents: [{ role: 'user', parts: [{ text: QUESTION }] }],
          generationConfig: { temperature: 0.2 },
        },
      );
  }
}

/** Short prompts of the kinds that the ten routes are about; the counter makes each new. */
export const FRESH_PROMPTS: readonly string[] = [
  `Write a Python function that merges ${COUNTER} sorted lists`,
  `Why does ticket ${COUNTER} say the pod was killed for memory?`,
  `Translate the note of order ${COUNTER} into German`,
  `Summarise the minutes of meeting ${COUNTER}`,
  `What is the integral of x to the power of ${COUNTER}?`,
  `Plan a trip of ${COUNTER} kilometres through Norway`,
  `Where is my parcel ${COUNTER}?`,
  `Tell a story about ${COUNTER} dragons`,
];

/** Name and description of the ten routes. */
export const ROUTES: readonly (readonly [name: string, description: string])[] = [
  ['code_generation', 'generating new code, writing functions, or creating boilerplate'],
  ['code_review', 'reviewing code, finding bugs and suggesting improvements'],
  ['operations', 'debugging servers, containers, deployments and networks'],
  ['translation', 'translating text from one language to another'],
  ['summarising', 'summarising documents, meetings or articles'],
  ['mathematics', 'solving mathematical problems step by step'],
  ['travel', 'planning trips, flights, hotels and routes'],
  ['customer_support', 'questions about orders, parcels, refunds and accounts'],
  ['creative_writing', 'writing stories, poems and scripts'],
  ['data_analysis', 'analysing tables and writing database queries'],
];
