// All clients of the matrix, in the order of its rows.

import { aiSdkClients } from './ai-sdk-client.ts';
import { anthropicClient } from './anthropic-client.ts';
import { genaiClient } from './genai-client.ts';
import type { MatrixClient } from './matrix-client.ts';
import { openaiChatClient } from './openai-chat-client.ts';
import { openaiResponsesClient } from './openai-responses-client.ts';

export function createMatrixClients(url: string, apiKey: string): MatrixClient[] {
  return [
    openaiChatClient(url, apiKey),
    openaiResponsesClient(url, apiKey),
    anthropicClient(url, apiKey),
    genaiClient(url, apiKey),
    ...aiSdkClients(url, apiKey),
  ];
}
