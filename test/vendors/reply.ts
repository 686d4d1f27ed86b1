// What the stand-in vendors say, in no vendor's words: chosen by what a request holds, never made of it. Each vendor's folder
// words it as its own API would.

/** What a request is about, as its vendor's folder reads it. */
export interface Scene {
  readonly model: string;
  readonly stream: boolean;
  /** Names of the functions that may be called; empty where calling is switched off. */
  readonly tools: readonly string[];
  /** Those of them that are custom tools, with vendors that have them. */
  readonly custom?: readonly string[];
  /** At most one call is wanted. */
  readonly oneCall: boolean;
  /** Tool results at the end of the conversation. */
  readonly results: number;
  /** Tool results in all of it. */
  readonly allResults?: number;
  readonly hasImage: boolean;
  readonly hasDocument: boolean;
  /** Most tokens of the answer. */
  readonly limit: number | undefined;
  readonly wantsJson: boolean;
  readonly thinks: boolean;
  /** Thoughts are asked to be seen, or always are. */
  readonly showsThoughts: boolean;
  /** Thoughts come with a proof to send back. */
  readonly signsThoughts: boolean;
  /** A stream that is to count its tokens; most vendors always do. */
  readonly countsTokens: boolean;
}

export interface Reply {
  /** What the model thought, where it was asked to think; empty where it does not show. */
  readonly reasoning?: string;
  /** In the pieces in which it is streamed. */
  readonly text?: readonly string[];
  readonly calls: readonly Call[];
  /** The limit ended it. */
  readonly isCut: boolean;
  readonly usage: ReplyUsage;
}

export interface Call {
  readonly name: string;
  /** Of all calls in the conversation; its place among these, unless told. */
  readonly number?: number;
  /** JSON text, in the pieces in which it is streamed; none for a call without arguments. */
  readonly pieces: readonly string[];
  /** Of a custom tool, for vendors that have them: the text is the member `input`. */
  readonly isCustom?: boolean;
}

/** Tokens; cached ones are part of the input, reasoning is part of the output. */
export interface ReplyUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

export const ANSWER_TEXT = 'Paris is the capital of France — voilà 🇫🇷.';
export const IMAGE_TEXT = 'The picture is a small red square.';
export const DOCUMENT_TEXT = 'The document is an invoice for 42 euros.';
/** As far as few tokens go. */
export const CUT_TEXT = 'Paris is ';
export const LOOK_TEXT = 'Let me look up where that is.';
export const RESULT_TEXT = 'It is 21 °C in Paris.';
export const JSON_TEXT = '{"city":"Paris","population":2102650}';
export const REASONING_TEXT = 'The question is about geography: France → Paris.';

/** As a model writes text into JSON: with quotes, line ends and a character beyond the first plane, cut anywhere. */
export const PATCH_TEXT = '*** Begin Patch\n*** Add File: a.md\n+"Paris" 🇫🇷 \\o/ 😀\n*** End Patch';
export const PATCH_PIECES: readonly string[] = [
  '{"inp',
  'ut": "*** Begin Patch\\n*** Add',
  ' File: a.md\\n+\\',
  '"Paris\\" 🇫🇷 \\\\o/ \\ud8',
  '3d\\u',
  'de00\\n*** End',
  ' Patch"}',
];

const LOOK_UP = 'look_up';
/** A limit below this cuts the answer. */
const FEW = 64;

/** What the model calls the tools of the tests with; any other gets JSON_TEXT. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  look_up: ['{"query":"the capital', ' of France"}'],
  get_weather: ['{"ci', 'ty":"Par', 'is","unit":"celsius"}'],
  get_time: ['{"zone":', '"Europe/Paris"}'],
  ping: [],
  apply_patch: PATCH_PIECES,
};

export function chooseReply(scene: Scene): Reply {
  const reasoning = scene.thinks ? { reasoning: scene.showsThoughts ? REASONING_TEXT : '' } : {};
  const tokens = scene.thinks ? 4 : 0;
  const usage = { input: 20, cached: 6, output: 7 + tokens, reasoning: tokens };
  const say = (text: string): Reply => ({ ...reasoning, text: pieces(text), calls: [], isCut: false, usage });
  if (scene.limit !== undefined && scene.limit < FEW)
    return { ...say(CUT_TEXT), isCut: true, usage: { ...usage, output: 2 } };
  const call = (name: string): Call => ({
    name,
    pieces: ARGUMENTS[name] ?? [JSON_TEXT],
    isCustom: scene.custom?.includes(name) === true,
  });
  // Whoever can look something up does so first, says so, and goes on with the next tool.
  if (scene.tools[0] === LOOK_UP && (scene.allResults ?? 0) < scene.tools.length) {
    const name = scene.tools[scene.allResults ?? 0] ?? LOOK_UP;
    const said = name === LOOK_UP ? { text: pieces(LOOK_TEXT) } : {};
    const number = scene.allResults ?? 0;
    return { ...reasoning, ...said, calls: [{ ...call(name), number }], isCut: false, usage };
  }
  if (scene.results > 0) return say(RESULT_TEXT);
  if (scene.tools.length > 0) {
    const names = scene.oneCall ? scene.tools.slice(0, 1) : scene.tools;
    return { ...reasoning, calls: names.map(call), isCut: false, usage };
  }
  if (scene.wantsJson) return say(JSON_TEXT);
  if (scene.hasDocument) return say(DOCUMENT_TEXT);
  return say(scene.hasImage ? IMAGE_TEXT : ANSWER_TEXT);
}

/** Text in the pieces in which a model would stream it. */
function pieces(text: string): string[] {
  return text.split(/(?<= )|(?<=,)/);
}

/** Longer pieces, as reasoning is streamed. */
export function chunks(text: string): string[] {
  return text.match(/.{1,24}/gsu) ?? [];
}

/** The text that a custom tool is called with. */
export function inputOf(call: Call): string {
  const { input } = argumentsOf(call);
  return typeof input === 'string' ? input : call.pieces.join('');
}

/** The arguments as an object, for vendors that send one. */
export function argumentsOf({ pieces: parts }: Call): Record<string, unknown> {
  return parts.length === 0 ? {} : (JSON.parse(parts.join('')) as Record<string, unknown>);
}

/** How often something stands in a body. */
export function countOf(what: RegExp, body: object): number {
  return JSON.stringify(body).match(what)?.length ?? 0;
}
