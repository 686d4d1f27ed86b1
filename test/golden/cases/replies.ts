// Whole answers, plain and streamed, as the stand-in vendors word them.

import type { Reply, ReplyUsage, Scene } from '../../vendors/reply.ts';
import type { Vendor, VendorEvent } from '../../vendors/vendor.ts';
import { VENDORS } from '../../vendors/vendors.ts';
import type { GoldenCase, ProviderAnswer } from '../golden-case.ts';

const SCENE: Scene = {
  model: 'm',
  stream: true,
  tools: [],
  oneCall: false,
  results: 0,
  hasImage: false,
  hasDocument: false,
  wantsJson: false,
  thinks: false,
  limit: undefined,
  showsThoughts: true,
  signsThoughts: true,
  countsTokens: true,
};
export const USAGE: ReplyUsage = { input: 20, cached: 6, output: 11, reasoning: 0 };

export function replyCase(name: string, reply: Reply): GoldenCase {
  return {
    name,
    answers: each((vendor): ProviderAnswer => ({ status: 200, body: wordOf(vendor, reply) })),
    streams: each((vendor) => streamOf(vendor, reply)),
  };
}

export function each<T>(make: (vendor: Vendor) => T): Record<Vendor['dialect'], T> {
  return Object.fromEntries(VENDORS.map((vendor) => [vendor.dialect, make(vendor)])) as Record<
    Vendor['dialect'],
    T
  >;
}

export function wordOf(vendor: Vendor, reply: Reply): object {
  return vendor.wordReply(reply, sceneOf(vendor, reply));
}

export function eventsOf(vendor: Vendor, reply: Reply): readonly VendorEvent[] {
  return vendor.streamReply(reply, sceneOf(vendor, reply));
}

/** One piece for each event. */
export function streamOf(vendor: Vendor, reply: Reply): Buffer[] {
  return eventsOf(vendor, reply).map(({ bytes }) => bytes);
}

function sceneOf({ model }: Vendor, { reasoning }: Reply): Scene {
  return { ...SCENE, model, thinks: reasoning !== undefined };
}

export const TEXT: Reply = { text: ['Paris — ', 'voilà ', '🇫🇷.'], calls: [], usage: USAGE, isCut: false };
const CITY = { name: 'get_weather', pieces: ['{"ci', 'ty":"Par', 'is"}'] };
const TIME = { name: 'get_time', pieces: ['{"zone":', '"Europe/Paris"}'] };
const PING = { name: 'ping', pieces: [] };
const THOUGHT = 'The question is about geography: France → Paris.';

export const textAnswer: GoldenCase = replyCase('text-answer', TEXT);

export const toolCallAnswer: GoldenCase = replyCase('tool-call-answer', {
  text: ['Let me ', 'look.'],
  calls: [CITY],
  usage: USAGE,
  isCut: false,
});

/** Chat streams their pieces in turns; the last has no arguments. */
export const parallelCallsAnswer: GoldenCase = replyCase('parallel-calls-answer', {
  calls: [CITY, TIME, PING],
  usage: USAGE,
  isCut: false,
});

/** With cached and reasoning tokens. */
export const reasoningAnswer: GoldenCase = replyCase('reasoning-answer', {
  reasoning: THOUGHT,
  text: ['Paris', '.'],
  calls: [],
  usage: { ...USAGE, reasoning: 4 },
  isCut: false,
});

export const reasonedCallAnswer: GoldenCase = replyCase('reasoned-call-answer', {
  reasoning: THOUGHT,
  calls: [CITY],
  usage: { ...USAGE, reasoning: 4 },
  isCut: false,
});
