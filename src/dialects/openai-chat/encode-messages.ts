// Neutral messages → those of a Chat Completions request.

import type { Message } from '../../conversation/conversation-request.ts';
import type { CacheControl, MediaSource, Part, ToolResultPart } from '../../conversation/part.ts';
import { foreignMembers, ownMembers, type VendorMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { writeDataUrl } from '../data-url.ts';
import { warnOfReasoning } from '../left-out-reasoning.ts';
import { cannotSay } from './cannot-say.ts';
import { encodeReasoning } from './encode-reasoning.ts';
import { encodeCalls, unknown } from './encode-tools.ts';
import { encodeBreakpoint, takesBreakpoints } from './prompt-caching.ts';
import { takesCustomTools } from './takes-custom-tools.ts';
import { takesReasoning } from './takes-reasoning.ts';

const DIALECT = 'openai-chat';

/** What not every model of the dialect is sent. */
interface Taken {
  readonly reasoning: boolean;
  readonly custom: boolean;
  readonly breakpoints: boolean;
}

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeMessages(
  messages: readonly Message[],
  modelId: string,
  warnings: Warning[],
): JsonObject[] {
  const takes: Taken = {
    reasoning: takesReasoning(modelId),
    custom: takesCustomTools(modelId),
    breakpoints: takesBreakpoints(modelId),
  };
  const encoded: JsonObject[] = [];
  /** What tools gave besides text. The answers to one turn's calls must not be parted, so that it follows them all. */
  let media: JsonObject[] = [];
  const flush = (): void => {
    if (media.length > 0) encoded.push({ role: 'user', content: media });
    media = [];
  };
  for (const [index, message] of messages.entries()) {
    const param = `messages[${index}]`;
    warnForeign(message, param, warnings);
    if (message.role !== 'tool') {
      flush();
      const wire = encodeMessage(message, param, takes, warnings);
      if (wire !== undefined) encoded.push(wire);
      continue;
    }
    for (const part of message.parts) {
      if (part.type !== 'tool-result') throw cannotSay(`${part.type} among tool results`, param);
      encoded.push({
        ...encodeResult(part, takes),
        ...nameOf(message),
        ...ownMembers(message.vendor, DIALECT),
      });
      media.push(...encodeResultMedia(part, param));
    }
  }
  flush();
  return encoded;
}

function encodeMessage(
  message: Message,
  param: string,
  takes: Taken,
  warnings: Warning[],
): JsonObject | undefined {
  const { parts, vendor } = message;
  const others = { ...nameOf(message), ...ownMembers(vendor, DIALECT) };
  if (message.role === 'assistant') {
    return { role: 'assistant', ...encodeAssistant(parts, param, takes, warnings), ...others };
  }
  if (message.role === 'user' && parts.length === 0) return undefined;
  // `developer` is known to OpenAI only, which takes `system` for it too.
  return {
    role: message.role === 'user' ? 'user' : 'system',
    content: encodeContent(parts, param, takes),
    ...others,
  };
}

function nameOf({ name }: Message): JsonObject {
  return name === undefined ? {} : { name };
}

/** A tool's message holds text only. */
function encodeResult({ toolCallId, content, isError, cache }: ToolResultPart, takes: Taken): JsonObject {
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const said = isError ? `Error: ${text}` : text;
  const last = cache ?? content.findLast((part) => part.cache !== undefined)?.cache;
  return { role: 'tool', tool_call_id: toolCallId, content: asContent(said, last, takes) };
}

/** A string where it can be one. */
function asContent(text: string, cache: CacheControl | undefined, takes: Taken): JsonValue {
  const breakpoint = encodeBreakpoint(cache, takes.breakpoints);
  return breakpoint['cache_control'] === undefined ? text : [{ type: 'text', text, ...breakpoint }];
}

function encodeResultMedia({ toolCallId, content }: ToolResultPart, param: string): JsonObject[] {
  const media = content.flatMap((part, index) =>
    part.type === 'text' ? [] : [encodePart(part, `${param}.content[${index}]`)],
  );
  return media.length === 0 ? [] : [{ type: 'text', text: `From the result of ${toolCallId}:` }, ...media];
}

/** Of two texts in a turn one string is made: an assistant's list of parts is not taken everywhere. */
function encodeAssistant(
  parts: readonly Part[],
  param: string,
  takes: Taken,
  warnings: Warning[],
): JsonObject {
  let text = '';
  let refusal = '';
  let cache: CacheControl | undefined;
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'vendor') cache = part.cache ?? cache;
    if (part.type === 'text') text += part.text;
    else if (part.type === 'refusal') refusal += part.text;
    else if (part.type === 'vendor' && part.dialect !== DIALECT) {
      throw cannotSay(`${part.name} block`, `${param}.content[${index}]`);
    } else if (part.type === 'image' || part.type === 'file' || part.type === 'audio') {
      throw cannotSay(`${part.type} of the assistant's`, `${param}.content[${index}]`);
    } else if (part.type === 'reasoning' && !(takes.reasoning && isOwn(part.signature))) {
      warnOfReasoning(part, `${param}.content[${index}]`, warnings);
    }
  }
  const calls = encodeCalls(
    parts,
    (signature) => takes.reasoning && isOwn(signature),
    ({ custom }) => takes.custom && custom === true,
  );
  const reasoning = parts
    .filter((part) => part.type === 'reasoning')
    .filter(({ signature }) => isOwn(signature));
  return {
    content: text === '' && (calls.length > 0 || refusal !== '') ? null : asContent(text, cache, takes),
    ...(takes.reasoning ? encodeReasoning(reasoning) : {}),
    ...(refusal === '' ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** What another vendor signed means nothing here; what nobody signed came from a server of this dialect. */
function isOwn(signature: { readonly dialect: string } | undefined): boolean {
  return signature === undefined || signature.dialect === DIALECT;
}

/** One plain text is a string, which every server takes. */
function encodeContent(parts: readonly Part[], param: string, takes: Taken): JsonValue {
  const [only] = parts;
  if (only === undefined) return '';
  if (parts.length === 1 && only.type === 'text' && only.vendor?.dialect !== DIALECT) {
    return asContent(only.text, only.cache, takes);
  }
  return parts.map((part, index) => ({
    ...encodePart(part, `${param}.content[${index}]`),
    ...(part.type === 'vendor' ? {} : encodeBreakpoint(part.cache, takes.breakpoints)),
  }));
}

function encodePart(part: Part, param: string): JsonObject {
  if (part.type === 'vendor') throw cannotSay(`${part.name} block`, param);
  return { ...encodeKnown(part, param), ...ownMembers(part.vendor, DIALECT) };
}

function encodeKnown(part: Exclude<Part, { type: 'vendor' }>, param: string): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image': {
      const detail = part.detail === undefined ? {} : { detail: part.detail };
      return { type: 'image_url', image_url: { url: urlOf(part.source, 'image', param), ...detail } };
    }
    case 'file':
      return encodeFile(part.source, part.name, param);
    case 'audio': {
      const kind = part.mediaType.replace(/^audio\/(x-)?/, '');
      return {
        type: 'input_audio',
        input_audio: { data: part.data, format: kind === 'mpeg' ? 'mp3' : kind },
      };
    }
    default:
      throw cannotSay(part.type, param);
  }
}

/** https://platform.openai.com/docs/guides/pdf-files: Chat takes data and ids, no URL. */
function encodeFile(source: MediaSource, name: string | undefined, param: string): JsonObject {
  const named = name === undefined ? {} : { filename: name };
  if (source.type === 'text') return { type: 'text', text: source.text };
  if (source.type === 'file-id' && source.dialect === DIALECT) {
    return { type: 'file', file: { file_id: source.id, ...named } };
  }
  if (source.type === 'url') throw cannotSay('document by URL', param);
  const file_data = urlOf(source, 'document', param);
  return { type: 'file', file: { filename: name ?? 'document.pdf', file_data } };
}

function urlOf(source: MediaSource, kind: string, param: string): string {
  if (source.type === 'url') return source.url;
  if (source.type === 'base64') return writeDataUrl(source);
  throw cannotSay(`${kind} that was uploaded elsewhere`, param);
}

function warnForeign({ vendor, parts }: Message, param: string, warnings: Warning[]): void {
  warnMembers(vendor, param, warnings);
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'vendor') warnMembers(part.vendor, `${param}.content[${index}]`, warnings);
  }
}

function warnMembers(vendor: VendorMembers | undefined, param: string, warnings: Warning[]): void {
  if (vendor === undefined) return;
  for (const name of foreignMembers(vendor, DIALECT)) warnings.push(unknown(`${param}.${name}`));
}
