// Neutral parts of an answer → output items: https://platform.openai.com/docs/api-reference/responses/object
// The items' builders are shared with the stream, whose last words must be the same as a plain answer's.

import type { TokenLogprob } from '../../conversation/answer.ts';
import { writeCarried } from '../../conversation/carried-signature.ts';
import { unwrapInput } from '../../conversation/custom-input.ts';
import type {
  Citation,
  Part,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
} from '../../conversation/part.ts';
import type { Signature } from '../../conversation/signature.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectsOf, stringOf } from '../../json/read-value.ts';
import { DIALECT, ownMembers } from './keep-rest.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** The vendor wants each kind of item's own prefix where the item comes back. */
export function itemId(prefix: 'msg' | 'fc' | 'ctc' | 'rs' | 'ig', seed: string, index: number): string {
  return `${prefix}_${seed}${index.toString(16).padStart(4, '0')}`;
}

/** Of an item that was never OpenAI's, whose own ids are longer. */
export function isMadeId(id: string): boolean {
  return /^[a-z]{2,3}_[0-9a-f]{28}$/.test(id);
}

export function messageItem(id: string, content: JsonObject[], status: ItemStatus): JsonObject {
  return { id, type: 'message', status, role: 'assistant', content };
}

export function callItem(
  id: string,
  callId: string,
  name: string,
  text: string,
  status: ItemStatus,
): JsonObject {
  return { id, type: 'function_call', status, arguments: text, call_id: callId, name };
}

/** The call of a custom tool. */
export function customCallItem(
  id: string,
  callId: string,
  name: string,
  input: string,
  status: ItemStatus,
): JsonObject {
  return { id, type: 'custom_tool_call', status, call_id: callId, input, name };
}

export function reasoningItem(id: string, summary: JsonObject[], encrypted: string | undefined): JsonObject {
  const item: JsonObject = { id, type: 'reasoning', summary };
  if (encrypted !== undefined) item['encrypted_content'] = encrypted;
  return item;
}

/** Carries the signature of a tool call (Gemini's), for which calls have no member. */
export function signatureItem(id: string, callId: string, signature: Signature): JsonObject {
  return reasoningItem(id, [], writeCarried({ signature, callId }, DIALECT));
}

export function summaryText(text: string): JsonObject {
  return { type: 'summary_text', text };
}

export function outputText(text: string, annotations: JsonValue[], logprobs: JsonValue[]): JsonObject {
  return { type: 'output_text', text, annotations, logprobs };
}

/** Sources without a link have no form here. @param length of the text, for citations that name no stretch of it */
export function encodeAnnotations(citations: readonly Citation[], length: number): JsonValue[] {
  return citations.map((citation) => encodeAnnotation(citation, length)).filter((one) => one !== undefined);
}

export function encodeAnnotation(citation: Citation, length: number): JsonObject | undefined {
  const own = ownMembers(citation.vendor);
  if (typeof own['type'] === 'string') return own;
  const { url, title, start, end } = citation;
  if (url === undefined) return undefined;
  return {
    type: 'url_citation',
    start_index: start ?? 0,
    end_index: end ?? length,
    title: title ?? '',
    url,
    ...own,
  };
}

export function encodeLogprobs(logprobs: readonly TokenLogprob[]): JsonObject[] {
  return logprobs.map(({ top, ...one }) => ({ ...encodeToken(one), top_logprobs: top.map(encodeToken) }));
}

function encodeToken({ token, logprob, bytes }: Omit<TokenLogprob, 'top'>): JsonObject {
  return { token, bytes: bytes === undefined ? [...Buffer.from(token)] : [...bytes], logprob };
}

/** The names of the custom tools among those that the memo repeats of the request. */
export function customIn(memo: JsonObject): ReadonlySet<string> {
  const tools = objectsOf(memo['tools']);
  return new Set(tools.flatMap(({ type, name }) => (type === 'custom' ? (stringOf(name) ?? []) : [])));
}

/**
 * @param status of the last item, which is the one that a limit cuts
 * @param custom the names of the client's custom tools
 */
export function encodeOutput(
  parts: readonly Part[],
  logprobs: readonly TokenLogprob[],
  seed: string,
  status: 'completed' | 'incomplete',
  custom: ReadonlySet<string>,
): JsonObject[] {
  const writer = new OutputWriter(logprobs, seed, custom);
  for (const part of parts) writer.write(part);
  const last = writer.output.at(-1);
  if (last?.['status'] === 'completed') last['status'] = status;
  return writer.output;
}

class OutputWriter {
  readonly output: JsonObject[] = [];
  private readonly seed: string;
  private readonly logprobs: readonly TokenLogprob[];
  private readonly custom: ReadonlySet<string>;
  private spent = 0;
  private content: JsonObject[] | undefined;
  /** The reasoning item under way, and its parts' id. */
  private reasoning:
    | { readonly id: string; readonly item: JsonObject; readonly summary: JsonObject[] }
    | undefined;

  constructor(logprobs: readonly TokenLogprob[], seed: string, custom: ReadonlySet<string>) {
    this.logprobs = logprobs;
    this.seed = seed;
    this.custom = custom;
  }

  write(part: Part): void {
    if (part.type !== 'reasoning') this.reasoning = undefined;
    if (part.type !== 'text' && part.type !== 'refusal') this.content = undefined;
    switch (part.type) {
      case 'text':
      case 'refusal':
        this.writeText(part);
        break;
      case 'reasoning':
        this.writeReasoning(part);
        break;
      case 'tool-call': {
        this.output.push({ ...this.callOf(part), ...ownMembers(part.vendor) });
        if (part.signature !== undefined) {
          this.output.push(signatureItem(this.id('rs'), part.id, part.signature));
        }
        return;
      }
      case 'image':
        if (part.source.type === 'base64') {
          const { data: result } = part.source;
          this.output.push({ id: this.id('ig'), type: 'image_generation_call', status: 'completed', result });
        }
        return;
      case 'vendor':
        if (part.dialect === DIALECT && isObject(part.value)) this.output.push(part.value);
        return;
      // Models of other vendors that speak have no words for it here.
      case 'audio':
      case 'file':
      case 'tool-result':
        return;
    }
  }

  private id(prefix: 'msg' | 'fc' | 'ctc' | 'rs' | 'ig'): string {
    return itemId(prefix, this.seed, this.output.length);
  }

  private callOf({ id, name, arguments: text }: ToolCallPart): JsonObject {
    return this.custom.has(name)
      ? customCallItem(this.id('ctc'), id, name, unwrapInput(text), 'completed')
      : callItem(this.id('fc'), id, name, text === '' ? '{}' : text, 'completed');
  }

  private writeText(part: TextPart | RefusalPart): void {
    const own = ownMembers(part.vendor);
    if (this.content === undefined || Object.keys(own).length > 0) {
      this.content = [];
      this.output.push({ ...messageItem(this.id('msg'), this.content, 'completed'), ...own });
    }
    if (part.type === 'refusal') {
      this.content.push({ type: 'refusal', refusal: part.text });
      return;
    }
    const annotations = encodeAnnotations(part.citations ?? [], part.text.length);
    this.content.push(outputText(part.text, annotations, encodeLogprobs(this.take(part.text.length))));
  }

  /** The tokens of so many characters, in order. */
  private take(length: number): readonly TokenLogprob[] {
    const start = this.spent;
    for (let rest = length; rest > 0; this.spent += 1) {
      const next = this.logprobs[this.spent];
      if (next === undefined) break;
      rest -= next.token.length;
    }
    return this.logprobs.slice(start, this.spent);
  }

  private writeReasoning(part: ReasoningPart): void {
    const { signature, redacted } = part;
    if (this.reasoning === undefined || part.id !== this.reasoning.id) {
      const summary: JsonObject[] = [];
      const id = part.id ?? this.id('rs');
      this.reasoning = { id, summary, item: reasoningItem(id, summary, undefined) };
      this.output.push(this.reasoning.item);
    }
    const { item, summary } = this.reasoning;
    const shown = ownMembers(part.vendor)['content'];
    if (Array.isArray(shown)) {
      const content = item['content'];
      item['content'] = Array.isArray(content) ? [...content, ...shown] : shown;
    } else if (part.text !== '') {
      summary.push(summaryText(part.text));
    }
    if (signature !== undefined) {
      item['encrypted_content'] = writeCarried({ signature, redacted: redacted === true }, DIALECT);
    }
  }
}
