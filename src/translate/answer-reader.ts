// A provider's answer → the client's dialect: plain, streamed or an error. Used by the stages that see answers; knows nothing
// of Envoy. Nothing that a provider sends makes it throw: what cannot be read becomes an error in the client's dialect.

import type {
  AnswerReaction,
  AnswerReader,
  HeaderPair,
  Later,
  Replacement,
  ResponseHead,
} from '../contract/exchange.ts';
import type { Answer } from '../conversation/answer.ts';
import { answerEvents } from '../conversation/answer-events.ts';
import type { ProviderError } from '../conversation/provider-error.ts';
import type { ClientDialectModule } from '../dialects/client-dialect.ts';
import type { ProviderDialectModule } from '../dialects/provider-dialect.ts';
import { isObject, type JsonValue } from '../json/json-value.ts';
import { decompress } from './decompress.ts';
import { DIALECT_MODULES } from './dialect-modules.ts';
import { endStream, type KeepAnswer, StreamTranslator } from './stream-translator.ts';
import type { Translation } from './translation.ts';

/** They describe the provider's bytes, which the client does not get, or where it has others. */
const DESCRIBING_HEADERS = ['content-encoding', 'content-md5', 'etag', 'digest', 'location'];

/** Server-sent events, and AWS's frames. */
const STREAM_TYPES = /^(text\/event-stream|application\/vnd\.amazon\.eventstream)\b/i;

const JSON_TYPE = 'application/json';

const UNREADABLE: ProviderError = {
  kind: 'internal',
  status: 502,
  message: "the provider's answer could not be read",
};

export interface AnswerReaderParts {
  /** Told of answers that could not be read, with the cause: for the log, since the client learns no more. */
  readonly report: (cause: unknown) => void;
  /** Takes secrets out of what a provider said of a failure. */
  readonly redact: (text: string) => string;
  /** Keeps an answer that is to be kept, by the key of its context; see KeepAnswer. Undefined = nothing is kept. */
  readonly keep?: ((key: string, answer: Buffer) => Promise<boolean>) | undefined;
}

export function createAnswerReader(translation: Translation, parts: AnswerReaderParts): AnswerReader {
  return (head) => new AnswerTranslator(translation, head, parts).react();
}

class AnswerTranslator {
  private readonly translation: Translation;
  private readonly head: ResponseHead;
  private readonly client: ClientDialectModule;
  private readonly provider: ProviderDialectModule;
  private readonly report: (cause: unknown) => void;
  private readonly redact: (text: string) => string;
  private readonly keep: KeepAnswer | undefined;

  constructor(translation: Translation, head: ResponseHead, { report, redact, keep }: AnswerReaderParts) {
    const { keepAs } = translation.context;
    this.translation = translation;
    this.head = head;
    this.report = (cause) => report(withoutQuote(cause));
    this.redact = redact;
    this.keep = keep === undefined || keepAs === undefined ? undefined : (answer) => keep(keepAs, answer);
    this.client = DIALECT_MODULES[translation.client];
    this.provider = DIALECT_MODULES[translation.provider];
  }

  react(): AnswerReaction {
    const encoding = this.head.header('content-encoding') ?? 'identity';
    if (this.head.status < 300 && this.isStream && encoding === 'identity') return this.transform();
    return { type: 'replace', replace: (body) => this.replace(body, encoding) };
  }

  /** A stream that nobody asked for cannot be told in what was asked for. */
  private get isStream(): boolean {
    return this.translation.context.stream && STREAM_TYPES.test(this.head.header('content-type') ?? '');
  }

  private transform(): AnswerReaction {
    const translator = this.streamTranslator();
    return {
      type: 'transform',
      setHeaders: [['content-type', translator.contentType]],
      removeHeaders: ['content-length', ...DESCRIBING_HEADERS],
      transform: (piece, isLast) => translator.push(piece, isLast),
    };
  }

  private replace(compressed: Buffer, encoding: string): Later<Replacement> {
    const { status } = this.head;
    try {
      if (status >= 300 && status < 400) return this.wordError(redirected(status), UNREADABLE.status);
      const body = decompress(compressed, encoding);
      if (status >= 300) {
        const header = (name: string): string | undefined => this.head.header(name);
        return this.wordError(this.provider.decodeError(status, readJson(body), header), status);
      }
      return this.isStream ? this.wordStream(body) : this.wordAnswer(body);
    } catch (cause) {
      this.report(cause);
      return this.wordError(UNREADABLE, status >= 300 ? status : UNREADABLE.status);
    }
  }

  /** @throws where the body is no answer of the provider's dialect */
  private wordAnswer(body: Buffer): Later<Replacement> {
    const { context } = this.translation;
    const json = JSON.parse(textOf(body)) as JsonValue;
    if (!isObject(json)) throw new TypeError('the answer is no JSON object');
    const answer = this.provider.decodeAnswer(json, context);
    if (context.stream) return this.wordAsStream(answer);
    const worded = this.client.encodeAnswer(answer, context);
    const text = JSON.stringify(worded);
    if (this.keep === undefined || this.client.resumption?.isWhole(worded) !== true) {
      return reply(text, JSON_TYPE);
    }
    return this.keep(Buffer.from(text)).then((isKept) => {
      if (isKept) return reply(text, JSON_TYPE);
      const { keepAs: _, ...rest } = context;
      return reply(JSON.stringify(this.client.encodeAnswer(answer, rest)), JSON_TYPE);
    });
  }

  /** The provider did not stream. */
  private wordAsStream(answer: Answer): Later<Replacement> {
    const encoder = this.client.createStreamEncoder(this.translation.context);
    let text = '';
    for (const event of answerEvents(answer)) if (event.type !== 'end') text += encoder.push(event);
    const end = endStream(encoder, this.keep);
    const { contentType } = encoder;
    return end instanceof Promise
      ? end.then((last) => reply(text + last, contentType))
      : reply(text + end, contentType);
  }

  /** Its stream came compressed and so all at once. */
  private wordStream(body: Buffer): Later<Replacement> {
    const translator = this.streamTranslator();
    const { contentType } = translator;
    const given = translator.push(body, true);
    return given instanceof Promise
      ? given.then((bytes) => reply(bytes, contentType))
      : reply(given, contentType);
  }

  private streamTranslator(): StreamTranslator {
    return new StreamTranslator(this.client, this.provider, this.translation.context, this.report, this.keep);
  }

  private wordError(error: ProviderError, status: number): Replacement {
    const answer = reply(this.redact(JSON.stringify(this.client.encodeProviderError(error))), JSON_TYPE);
    const setHeaders = [...answer.setHeaders];
    if (error.retryAfter !== undefined && this.head.header('retry-after') === undefined) {
      setHeaders.push(['retry-after', `${error.retryAfter}`]);
    }
    if (status !== this.head.status) setHeaders.push([':status', `${status}`]);
    return { ...answer, setHeaders };
  }
}

function reply(body: string | Uint8Array, contentType: string): Replacement {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  // Envoy holds the body against the provider's length unless it gets the new one.
  const setHeaders: HeaderPair[] = [
    ['content-type', contentType],
    ['content-length', `${bytes.length}`],
  ];
  return { setHeaders, removeHeaders: DESCRIBING_HEADERS, body: bytes };
}

/** The client would follow it with its credentials, or take no body with it. */
function redirected(status: number): ProviderError {
  return { ...UNREADABLE, message: `the provider answered ${status} instead of an answer` };
}

/** What the engine says of damaged text quotes it. */
function withoutQuote(cause: unknown): unknown {
  return cause instanceof SyntaxError ? new Error('a JSON text is damaged') : cause;
}

/** Without the mark that some put before it. */
function textOf(body: Buffer): string {
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** JSON where it is that, else the text; undefined for none. */
function readJson(body: Buffer): JsonValue | undefined {
  if (body.length === 0) return undefined;
  const text = textOf(body);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
