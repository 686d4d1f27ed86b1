// What each vendor takes and gives, in the types of its own SDK: wire-schemas.ts reads this file as source and makes JSON
// Schemas of its exports. Nothing here is ever run.

import type {
  Message,
  MessageCountTokensParams,
  MessageCreateParams,
  RawMessageStreamEvent,
} from '@anthropic-ai/sdk/resources/messages';
import type {
  ConverseRequest,
  ConverseResponse,
  ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import type {
  Candidate,
  Content,
  GenerateContentResponsePromptFeedback,
  GenerateContentResponseUsageMetadata,
  GenerationConfig,
  SafetySetting,
  ServiceTier,
  Tool,
  ToolConfig,
} from '@google/genai';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParams,
} from 'openai/resources/chat/completions';
import type {
  Response,
  ResponseCreateParams,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';

export type OpenaiChatRequest = ChatCompletionCreateParams;
export type OpenaiChatAnswer = ChatCompletion;
export type OpenaiChatEvent = ChatCompletionChunk;

export type OpenaiResponsesRequest = ResponseCreateParams;
export type OpenaiResponsesAnswer = Response;
export type OpenaiResponsesEvent = ResponseStreamEvent;

export type AnthropicMessagesRequest = MessageCreateParams;
export type AnthropicCountTokensRequest = MessageCountTokensParams;
export type AnthropicMessagesAnswer = Message;
export type AnthropicMessagesEvent = RawMessageStreamEvent | { readonly type: 'ping' };

/** The REST body, https://ai.google.dev/api/generate-content: the SDK flattens it into its `config`. */
export interface GeminiRequest {
  readonly contents: readonly Content[];
  readonly systemInstruction?: Content;
  readonly tools?: readonly Tool[];
  readonly toolConfig?: ToolConfig;
  readonly safetySettings?: readonly SafetySetting[];
  readonly generationConfig?: GenerationConfig;
  readonly cachedContent?: string;
  readonly serviceTier?: ServiceTier;
}

/** The same page; the SDK's own class adds getters. Each event of a stream is one too. */
export interface GeminiAnswer {
  readonly candidates?: readonly Candidate[];
  readonly promptFeedback?: GenerateContentResponsePromptFeedback;
  readonly usageMetadata: GenerateContentResponseUsageMetadata;
  readonly modelVersion: string;
  readonly responseId: string;
}
export type GeminiEvent = GeminiAnswer;

/** The model id is in the path. Bytes are base64 on the wire. */
export type BedrockConverseRequest = Omit<ConverseRequest, 'modelId'>;
export type BedrockConverseAnswer = ConverseResponse;
/** One member, named as the frame's `:event-type`. */
export type BedrockConverseEvent = ConverseStreamOutput;
