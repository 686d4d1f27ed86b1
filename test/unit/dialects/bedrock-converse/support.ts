// What the tests of Converse's requests share: frozen inputs, and bodies that AWS's own types and known refusals are held
// against.

import { expect } from 'vitest';
import type { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { ConversationRequest, Message } from '../../../../src/conversation/conversation-request.ts';
import type { Part } from '../../../../src/conversation/part.ts';
import { bedrockConverse } from '../../../../src/dialects/bedrock-converse/index.ts';
import type { EncodedRequest } from '../../../../src/dialects/provider-dialect.ts';
import { findBreaches } from '../../../vendors/bedrock-converse/breaches.ts';
import { checkBody } from '../../../vendors/wire-schemas.ts';
import { freeze } from '../openai-chat/freeze.ts';

export const SONNET_4: string = 'us.anthropic.claude-sonnet-4-20250514-v1:0';
export const HI: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
export const HI_ON_WIRE: object = { role: 'user', content: [{ text: 'hi' }] };

export function encode(request: Partial<ConversationRequest>, modelId: string = SONNET_4): EncodedRequest {
  const target = { modelId, stream: false, asksForUsage: true };
  return bedrockConverse.encodeRequest(freeze({ messages: [HI], ...request }), target);
}

/** The body, which AWS would take. */
export async function accepted(
  request: Partial<ConversationRequest>,
  modelId?: string,
): Promise<EncodedRequest> {
  const encoded = encode(request, modelId);
  expect(await checkBody('BedrockConverseRequest', encoded.body)).toEqual([]);
  expect(findBreaches(encoded.body, modelId)).toEqual([]);
  return encoded;
}

/** The error's field, and what it says. */
export function refusal(
  request: Partial<ConversationRequest>,
): Pick<GatewayError, 'kind' | 'param' | 'message'> {
  try {
    encode(request);
  } catch (error) {
    const { kind, param, message } = error as GatewayError;
    return { kind, param, message };
  }
  throw new Error('nothing was refused');
}

export const user = (...parts: Part[]): Message => ({ role: 'user', parts });
export const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts });
export const text = (words: string): Part => ({ type: 'text', text: words });
export const call = (id: string, name: string, json: string = '{}'): Part => ({
  type: 'tool-call',
  id,
  name,
  arguments: json,
});
export const result = (toolCallId: string, words: string, isError: boolean = false): Message => ({
  role: 'tool',
  parts: [{ type: 'tool-result', toolCallId, content: [{ type: 'text', text: words }], isError }],
});
