// The official openai package, Responses. Nothing is stored: the history goes along, encrypted reasoning included.

import OpenAI from 'openai';
import type { ResponseStreamParams } from 'openai/lib/responses/ResponseStream';
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInputContent,
  ResponseInputItem,
} from 'openai/resources/responses/responses';
import {
  type HistoryEntry,
  MAX_TOKENS,
  type MatrixClient,
  type Outcome,
  parametersOf,
  type Question,
  type ToolResult,
} from './matrix-client.ts';

export function openaiResponsesClient(url: string, apiKey: string): MatrixClient {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, timeout: 20_000 });
  return {
    name: 'openai: responses',
    dialect: 'openai-responses',
    ends: { said: 'completed', called: 'completed', cut: 'max_output_tokens' },
    says: ['image'],
    sendsTemperature: () => true,
    async ask(question) {
      const body = bodyOf(question);
      const options = { signal: question.signal ?? null };
      if (!question.stream) return outcomeOf(await client.responses.create(body, options));
      // The helper checks the order of the events and puts the answer together from them.
      const stream = client.responses.stream(body as ResponseStreamParams, options);
      stream.on('event', ({ type }) => type.endsWith('.delta') && question.onPiece?.());
      return outcomeOf(await stream.finalResponse());
    },
  };
}

function bodyOf(question: Question): ResponseCreateParamsNonStreaming {
  const { model, system, tools, forced, schema, thinks, temperature, limit } = question;
  return {
    model,
    ...(system?.[0] === undefined ? {} : { instructions: system[0] }),
    input: [
      ...(system ?? []).slice(1).map((content) => ({ role: 'developer' as const, content })),
      ...question.history.flatMap(itemsOf),
    ],
    store: false,
    max_output_tokens: limit ?? MAX_TOKENS,
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map((name) => ({
            type: 'function' as const,
            name,
            description: `Tells the ${name}.`,
            parameters: parametersOf(name),
            strict: false,
          })),
        }),
    ...(forced === undefined ? {} : { tool_choice: { type: 'function' as const, name: forced } }),
    ...(schema === undefined
      ? {}
      : { text: { format: { type: 'json_schema' as const, name: 'city', strict: true, schema } } }),
    ...(thinks === true
      ? {
          reasoning: { effort: 'low' as const, summary: 'auto' as const },
          include: ['reasoning.encrypted_content' as const],
        }
      : {}),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

function itemsOf(entry: HistoryEntry): ResponseInputItem[] {
  if (entry.type === 'answer') return entry.outcome.message as ResponseInputItem[];
  if (entry.type === 'results') return entry.results.map(outputOf);
  const { text, media } = entry;
  if (media === undefined) return [{ role: 'user', content: text }];
  const url = `data:${media.type};base64,${media.base64}`;
  const part: ResponseInputContent =
    media.type === 'image/png'
      ? { type: 'input_image', image_url: url, detail: 'auto' }
      : { type: 'input_file', filename: 'invoice.pdf', file_data: url };
  return [{ role: 'user', content: [{ type: 'input_text', text }, part] }];
}

function outputOf({ id, text, image }: ToolResult): ResponseInputItem {
  const image_url = `data:image/png;base64,${image}`;
  const output =
    image === undefined
      ? text
      : [
          { type: 'input_text' as const, text },
          { type: 'input_image' as const, image_url },
        ];
  return { type: 'function_call_output', call_id: id, output };
}

function outcomeOf(response: Response): Outcome {
  const summaries = response.output.flatMap((item) =>
    item.type === 'reasoning' ? [...item.summary, ...(item.content ?? [])] : [],
  );
  return {
    text: response.output_text,
    end: response.incomplete_details?.reason ?? response.status ?? '',
    reasoning: summaries.map(({ text }) => text).join(''),
    calls: response.output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }]
        : [],
    ),
    usage: {
      input: response.usage?.input_tokens ?? -1,
      cached: response.usage?.input_tokens_details.cached_tokens ?? -1,
      output: response.usage?.output_tokens ?? -1,
    },
    // Without what the SDK's helper adds to them.
    message: JSON.parse(
      JSON.stringify(response.output, (name, value: unknown) =>
        name.startsWith('parsed') ? undefined : value,
      ),
    ),
  };
}
