// How else an answer ends than by itself, and what it cites.

import { encodeFrame } from '../../vendors/bedrock-converse/event-stream.ts';
import type { Vendor } from '../../vendors/vendor.ts';
import { VENDORS } from '../../vendors/vendors.ts';
import { type GoldenCase, NO_WORDS, type ProviderAnswer } from '../golden-case.ts';
import { eventsOf, streamOf, TEXT, wordOf } from './replies.ts';

type Edits = Readonly<
  Record<Vendor['dialect'], readonly (readonly [found: string, instead: string])[] | typeof NO_WORDS>
>;

/** A text's answer and stream, told otherwise in the given places. */
function edited(name: string, edits: Edits): GoldenCase {
  const make = <T>(
    work: (vendor: Vendor, edit: (json: string) => string) => T,
  ): Record<Vendor['dialect'], T | typeof NO_WORDS> =>
    Object.fromEntries(
      VENDORS.map((vendor) => {
        const found = edits[vendor.dialect];
        return [vendor.dialect, found === NO_WORDS ? NO_WORDS : work(vendor, editor(found))];
      }),
    ) as Record<Vendor['dialect'], T | typeof NO_WORDS>;
  return {
    name,
    answers: make(
      (vendor, edit): ProviderAnswer => ({
        status: 200,
        body: JSON.parse(edit(JSON.stringify(wordOf(vendor, TEXT)))),
      }),
    ),
    streams: make((vendor, edit) =>
      vendor.dialect === 'bedrock-converse'
        ? editFrames(vendor, edit)
        : streamOf(vendor, TEXT).map((bytes) => Buffer.from(edit(bytes.toString()))),
    ),
  };
}

const editor =
  (edits: readonly (readonly [string, string])[]) =>
  (json: string): string =>
    edits.reduce((text, [found, instead]) => text.replaceAll(found, instead), json);

/** Their lengths and checksums are made anew. */
function editFrames(vendor: Vendor, edit: (json: string) => string): Buffer[] {
  return eventsOf(vendor, TEXT).map(({ value }) => {
    const [[type, payload] = ['', {}]] = Object.entries(value ?? {});
    return encodeFrame(
      { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
      edit(JSON.stringify(payload)),
    );
  });
}

const INCOMPLETE: readonly (readonly [string, string])[] = [
  ['"status":"completed"', '"status":"incomplete"'],
  ['response.completed', 'response.incomplete'],
];

export const lengthStop: GoldenCase = edited('length-stop', {
  'openai-chat': [['"finish_reason":"stop"', '"finish_reason":"length"']],
  'openai-responses': [
    ...INCOMPLETE,
    ['"incomplete_details":null', '"incomplete_details":{"reason":"max_output_tokens"}'],
  ],
  'anthropic-messages': [['"stop_reason":"end_turn"', '"stop_reason":"max_tokens"']],
  gemini: [['"finishReason":"STOP"', '"finishReason":"MAX_TOKENS"']],
  'bedrock-converse': [['"stopReason":"end_turn"', '"stopReason":"max_tokens"']],
});

/** Only two say which. */
export const stopSequence: GoldenCase = edited('stop-sequence', {
  'openai-chat': NO_WORDS,
  'openai-responses': NO_WORDS,
  'anthropic-messages': [
    ['"stop_reason":"end_turn","stop_sequence":null', '"stop_reason":"stop_sequence","stop_sequence":"END"'],
  ],
  gemini: NO_WORDS,
  'bedrock-converse': [['"stopReason":"end_turn"', '"stopReason":"stop_sequence"']],
});

/** The vendor's filter stopped it after some text. */
export const filtered: GoldenCase = edited('content-filter', {
  'openai-chat': [['"finish_reason":"stop"', '"finish_reason":"content_filter"']],
  'openai-responses': [
    ...INCOMPLETE,
    ['"incomplete_details":null', '"incomplete_details":{"reason":"content_filter"}'],
  ],
  'anthropic-messages': NO_WORDS,
  gemini: [['"finishReason":"STOP"', '"finishReason":"SAFETY"']],
  'bedrock-converse': [['"stopReason":"end_turn"', '"stopReason":"content_filtered"']],
});

/** The model itself declines, in words of its own where it may. */
export const refusal: GoldenCase = edited('refusal', {
  'openai-chat': [
    ['"content":"Paris — voilà 🇫🇷."', '"content":null'],
    ['"refusal":null,"annotations"', '"refusal":"I cannot help with that.","annotations"'],
    ['"delta":{"content":"Paris — "}', '"delta":{"refusal":"I cannot "}'],
    ['"delta":{"content":"voilà "}', '"delta":{"refusal":"help "}'],
    ['"delta":{"content":"🇫🇷."}', '"delta":{"refusal":"with that."}'],
  ],
  'openai-responses': [
    ['response.output_text', 'response.refusal'],
    ['"type":"output_text","annotations":[],"logprobs":[],"text":', '"type":"refusal","refusal":'],
    [',"logprobs":[]', ''],
    ['"text":"Paris — voilà 🇫🇷."', '"refusal":"Paris — voilà 🇫🇷."'],
  ],
  'anthropic-messages': [['"stop_reason":"end_turn"', '"stop_reason":"refusal"']],
  gemini: NO_WORDS,
  'bedrock-converse': [['"stopReason":"end_turn"', '"stopReason":"guardrail_intervened"']],
});
