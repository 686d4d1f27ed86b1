// OpenAI's Responses. https://platform.openai.com/docs/api-reference/responses

import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import { OPENAI_FAILURES, openaiErrorBody } from '../openai-errors.ts';
import { countOf, type Scene } from '../reply.ts';
import { FAILURE_TEXT, sseEvent, type Vendor } from '../vendor.ts';
import { findBreaches } from './breaches.ts';
import { streamReply, wordReply } from './wording.ts';

export const openaiResponses: Vendor = {
  dialect: 'openai-responses',
  schemas: {
    request: 'OpenaiResponsesRequest',
    answer: 'OpenaiResponsesAnswer',
    event: 'OpenaiResponsesEvent',
  },
  model: 'gpt-5-mini',
  laterModel: 'gpt-6-astra',
  credentials: { authorization: 'Bearer ' },
  streamType: 'text/event-stream; charset=utf-8',
  path: () => '/v1/responses',
  findBreaches,
  readScene: (body) => readScene(body as ResponseCreateParams),
  wordReply,
  streamReply,
  wordFailure: (failure) => ({ ...OPENAI_FAILURES[failure], body: openaiErrorBody(failure) }),
  streamFailure: (failure) =>
    sseEvent(
      {
        type: 'error',
        sequence_number: 9,
        code: OPENAI_FAILURES[failure].code ?? OPENAI_FAILURES[failure].type,
        message: FAILURE_TEXT[failure],
        param: null,
      },
      'error',
    ),
};

function readScene(body: ResponseCreateParams): Scene {
  const items = typeof body.input === 'string' || body.input === undefined ? [] : body.input;
  const offered = (body.tools ?? []).flatMap((tool) => (isOfClient(tool) ? [tool.name] : []));
  const custom = (body.tools ?? []).flatMap((tool) => (tool.type === 'custom' ? [tool.name] : []));
  const choice = body.tool_choice;
  const forced = typeof choice === 'object' && isOfClient(choice) ? [choice.name] : undefined;
  const lastOther = items.findLastIndex(
    ({ type }) => !/^(function|custom_tool)_call_output$/.test(type ?? ''),
  );
  return {
    model: body.model ?? '',
    stream: body.stream === true,
    tools: choice === 'none' ? [] : (forced ?? offered),
    custom,
    oneCall: body.parallel_tool_calls === false,
    results: items.length - 1 - lastOther,
    allResults: countOf(/"type":"(function|custom_tool)_call_output"/g, body),
    hasImage: JSON.stringify(items).includes('"input_image"'),
    hasDocument: JSON.stringify(items).includes('"input_file"'),
    limit: body.max_output_tokens ?? undefined,
    wantsJson: body.text?.format?.type.startsWith('json') === true,
    thinks: body.reasoning?.effort != null && body.reasoning.effort !== 'none',
    showsThoughts: body.reasoning?.summary != null,
    signsThoughts: body.include?.includes('reasoning.encrypted_content') === true,
    countsTokens: true,
  };
}

/** A function or a custom tool, or the choice of one. */
function isOfClient<T extends { readonly type: string }>(
  tool: T,
): tool is Extract<T, { type: 'function' | 'custom' }> {
  return tool.type === 'function' || tool.type === 'custom';
}
