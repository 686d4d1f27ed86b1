// How the answer is to be made: its form, its length, its randomness, who asks, what is cached.

import { chat, content, gemini, messages, responses, user } from '../dialect-bodies.ts';
import type { GoldenCase } from '../golden-case.ts';

const ASKED = 'Name a city.';
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, population: { type: 'integer' } },
  required: ['city', 'population'],
  additionalProperties: false,
};

export const structuredOutput: GoldenCase = {
  name: 'structured-output',
  requests: {
    'openai-chat': chat([user(ASKED)], {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'city', description: 'A city.', schema: SCHEMA, strict: true },
      },
    }),
    'openai-responses': responses(ASKED, {
      text: {
        format: { type: 'json_schema', name: 'city', description: 'A city.', schema: SCHEMA, strict: true },
      },
    }),
    'anthropic-messages': messages([user(ASKED)], {
      output_config: { format: { type: 'json_schema', schema: SCHEMA } },
    }),
    gemini: gemini([content(ASKED)], {
      responseMimeType: 'application/json',
      responseJsonSchema: SCHEMA,
    }),
  },
};

/** A schema that OpenAI does not take strictly: a member is not required. */
const LOOSE = {
  type: 'object',
  properties: { city: { type: 'string' }, mayor: { type: 'string' } },
  required: ['city'],
};

export const looseStructuredOutput: GoldenCase = {
  name: 'loose-structured-output',
  requests: {
    'openai-chat': chat([user(ASKED)], {
      response_format: { type: 'json_schema', json_schema: { name: 'city', schema: LOOSE } },
    }),
    'openai-responses': responses(ASKED, {
      text: { format: { type: 'json_schema', name: 'city', schema: LOOSE, strict: false } },
    }),
    'anthropic-messages': messages([user(ASKED)], {
      output_config: { format: { type: 'json_schema', schema: LOOSE } },
    }),
    gemini: gemini([content(ASKED)], {
      responseMimeType: 'application/json',
      responseSchema: {
        type: 'OBJECT',
        properties: { city: { type: 'STRING' }, mayor: { type: 'STRING' } },
        required: ['city'],
      },
    }),
  },
};

export const jsonMode: GoldenCase = {
  name: 'json-mode',
  requests: {
    'openai-chat': chat([user(`${ASKED} As JSON.`)], { response_format: { type: 'json_object' } }),
    'openai-responses': responses(`${ASKED} As JSON.`, { text: { format: { type: 'json_object' } } }),
    'anthropic-messages': 'no words',
    gemini: gemini([content(`${ASKED} As JSON.`)], { responseMimeType: 'application/json' }),
  },
};

/** Chat takes one without its brackets. */
export const stopString: GoldenCase = {
  name: 'stop-string',
  requests: {
    'openai-chat': chat([user(ASKED)], { stop: 'END' }),
    'openai-responses': 'no words',
    'anthropic-messages': messages([user(ASKED)], { stop_sequences: ['END'] }),
    gemini: gemini([content(ASKED)], { stopSequences: ['END'] }),
  },
};

/** More of them than some take, and one of white space, which Anthropic refuses. */
export const stopList: GoldenCase = {
  name: 'stop-list',
  requests: {
    'openai-chat': chat([user(ASKED)], { stop: ['END', '\n\n', 'A', 'B'] }),
    'openai-responses': 'no words',
    'anthropic-messages': messages([user(ASKED)], { stop_sequences: ['END', 'A', 'B', 'C', 'D', 'E'] }),
    gemini: gemini([content(ASKED)], { stopSequences: ['END', '\n\n', 'A', 'B', 'C'] }),
  },
};

/** Each at the edge of what its own dialect takes. */
export const sampling: GoldenCase = {
  name: 'sampling',
  requests: {
    'openai-chat': chat([user(ASKED)], {
      temperature: 1.5,
      frequency_penalty: -0.5,
      presence_penalty: 2,
      seed: 7,
    }),
    'openai-responses': responses(ASKED, { temperature: 1.5 }),
    'anthropic-messages': messages([user(ASKED)], { temperature: 1, top_k: 40 }),
    gemini: gemini([content(ASKED)], {
      temperature: 1.5,
      topK: 40,
      frequencyPenalty: -0.5,
      presencePenalty: 1.9,
      seed: 7,
    }),
  },
};

/** Anthropic takes only one of the two. */
export const temperatureAndTopP: GoldenCase = {
  name: 'temperature-and-top-p',
  requests: {
    'openai-chat': chat([user(ASKED)], { temperature: 0.2, top_p: 0.9 }),
    'openai-responses': responses(ASKED, { temperature: 0.2, top_p: 0.9 }),
    'anthropic-messages': 'no words',
    gemini: gemini([content(ASKED)], { temperature: 0.2, topP: 0.9 }),
  },
};

/** Under the older of its names in Chat. */
export const maxTokens: GoldenCase = {
  name: 'max-tokens',
  requests: {
    'openai-chat': { model: 'auto', messages: [user(ASKED)], max_tokens: 77 },
    'openai-responses': { model: 'auto', input: ASKED, max_output_tokens: 77 },
    'anthropic-messages': { model: 'auto', max_tokens: 77, messages: [user(ASKED)] },
    gemini: { contents: [content(ASKED)], generationConfig: { maxOutputTokens: 77 } },
  },
};

/** More than one answer, and how likely each token was. */
export const alternatives: GoldenCase = {
  name: 'alternatives',
  requests: {
    'openai-chat': chat([user(ASKED)], { n: 2, logprobs: true, top_logprobs: 2 }),
    'openai-responses': responses(ASKED, { include: ['message.output_text.logprobs'], top_logprobs: 2 }),
    'anthropic-messages': 'no words',
    gemini: gemini([content(ASKED)], { candidateCount: 2, responseLogprobs: true, logprobs: 2 }),
  },
};

const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };

export const cacheControl: GoldenCase = {
  name: 'cache-control',
  requests: {
    // OpenAI has only the key; its clients have no breakpoints.
    'openai-chat': chat([user(ASKED)], { prompt_cache_key: 'cities' }),
    'openai-responses': responses(ASKED, { prompt_cache_key: 'cities' }),
    'anthropic-messages': messages(
      [{ role: 'user', content: [{ type: 'text', text: ASKED, cache_control: { type: 'ephemeral' } }] }],
      {
        system: [{ type: 'text', text: 'Long rules.', ...mark }],
        tools: [{ name: 'ask', input_schema: { type: 'object' }, ...mark }],
      },
    ),
    gemini: gemini([content(ASKED)], {}, { cachedContent: 'cachedContents/4xk2' }),
  },
};

export const whoAsks: GoldenCase = {
  name: 'who-asks',
  requests: {
    'openai-chat': chat([user(ASKED)], { safety_identifier: 'u-17', service_tier: 'flex' }),
    'openai-responses': responses(ASKED, {
      safety_identifier: 'u-17',
      service_tier: 'flex',
      metadata: { team: 'maps' },
    }),
    'anthropic-messages': messages([user(ASKED)], {
      metadata: { user_id: 'u-17' },
      service_tier: 'standard_only',
    }),
    gemini: gemini([content(ASKED)], {}, { serviceTier: 'flex' }),
  },
};
