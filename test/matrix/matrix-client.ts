// What every client of the matrix can be asked, whatever its SDK: one question at a time, with the history of the ones before.

/** A question and what it comes with. */
export interface Question {
  /** As the gateway knows it. */
  readonly model: string;
  readonly stream: boolean;
  readonly history: readonly HistoryEntry[];
  /** Instructions, in the order in which they count. */
  readonly system?: readonly string[];
  /** Offered functions; `ping` has no parameters. */
  readonly tools?: readonly string[];
  /** The function that must be called. */
  readonly forced?: string;
  /** Ask for JSON of this schema. */
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly thinks?: boolean;
  readonly temperature?: number;
  readonly stop?: string;
  /** Most tokens of the answer; MAX_TOKENS where there is none. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** Called for each piece of a streamed answer. */
  readonly onPiece?: () => void;
}

export type HistoryEntry =
  | { readonly type: 'user'; readonly text: string; readonly media?: Media }
  | { readonly type: 'answer'; readonly outcome: Outcome }
  | { readonly type: 'results'; readonly results: readonly ToolResult[] };

export interface Media {
  readonly type: 'image/png' | 'application/pdf';
  readonly base64: string;
}

export interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** The text says why. Some SDKs have no other place for it. */
  readonly failed?: boolean;
  /** Base64 of a PNG; only for clients that can send one here. */
  readonly image?: string;
}

/** What the SDK made of the answer. */
export interface Outcome {
  readonly text: string;
  /** Why it ended, in the SDK's word. */
  readonly end: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  /** -1 for what it does not know. */
  readonly usage: Tokens;
  /** The SDK's own form of the answer, to be sent back. */
  readonly message: unknown;
}

/** As the SDK reports them; cached ones are part of the input. */
export interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

export interface MatrixClient {
  readonly name: string;
  /** The vendor whose API it speaks. */
  readonly dialect: string;
  /** The words for an end. */
  readonly ends: { readonly said: string; readonly called: string; readonly cut: string };
  /** What it can say of a tool's result beside its text. */
  readonly says: readonly ('failed' | 'image')[];
  /** Some SDKs know none, or leave it out for some models. */
  sendsTemperature(model: string): boolean;
  /** @throws the SDK's error */
  ask(question: Question): Promise<Outcome>;
}

export const MAX_TOKENS = 4096;
export const THINKING_TOKENS = 2048;

/** JSON Schema of a function's arguments. */
export function parametersOf(tool: string): { type: 'object'; properties: Record<string, JsonSchema> } {
  return { type: 'object', properties: PROPERTIES[tool] ?? {} };
}

type JsonSchema = Readonly<Record<string, unknown>>;

const PROPERTIES: Readonly<Record<string, Record<string, JsonSchema>>> = {
  get_weather: {
    city: { type: 'string', description: 'Its name.' },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
    days: { type: 'array', items: { type: 'integer', minimum: 0, maximum: 7 } },
    place: {
      type: 'object',
      properties: { latitude: { type: 'number' }, note: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      required: ['latitude'],
      additionalProperties: false,
    },
  },
  get_time: { zone: { type: 'string' } },
  look_up: { query: { type: 'string', minLength: 1 } },
};
