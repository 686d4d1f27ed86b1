// Neutral parts of a request → content blocks:
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html

import { createHash } from 'node:crypto';
import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  CacheControl,
  FilePart,
  ImagePart,
  Part,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../conversation/part.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { parseObject } from '../../json/parse-object.ts';
import { warnOfReasoning } from '../left-out-reasoning.ts';
import { cannotSay, unknown } from './cannot-say.ts';
import { DocumentNames, encodeAudio, encodeDocument, encodeImage } from './encode-media.ts';
import { familyOf, type ModelFamily, signatureDialect } from './model-families.ts';

/** A block without white space alone is refused, and so is a result without any: it says what there was. */
const NO_OUTPUT = '(no output)';

/** The blocks of one request: documents are named each once in it. */
export class BlockEncoder {
  private readonly warnings: Warning[];
  private readonly modelId: string;
  private readonly family: ModelFamily;
  private readonly names = new DocumentNames();
  private warnedOfCache = false;

  constructor(modelId: string, warnings: Warning[]) {
    this.modelId = modelId;
    this.family = familyOf(modelId);
    this.warnings = warnings;
  }

  /**
   * Adds to `blocks`; texts that are empty are left out, which Bedrock would refuse, and reasoning that is not its own.
   * @throws GatewayError 'invalid-request' for what must not be lost
   */
  add(part: Part, param: string, blocks: JsonObject[]): void {
    const block = this.encode(part, param);
    if (block === undefined) return;
    blocks.push(block);
    if (part.type === 'vendor') return;
    for (const name of foreignMembers(part.vendor, 'bedrock-converse'))
      this.warnings.push(unknown(`${param}.${name}`));
    if (part.cache !== undefined) this.addCachePoint(part.cache, `${param}.cache_control`, blocks);
  }

  /** What is before it is kept for the next request. */
  addCachePoint(cache: CacheControl, param: string, blocks: JsonObject[]): void {
    if (this.family.cachePoints !== 'none') blocks.push(encodeCachePoint(cache));
    else if (!this.warnedOfCache) {
      this.warnedOfCache = true;
      this.warnings.push({ param, message: 'not sent to this model' });
    }
  }

  private encode(part: Part, param: string): JsonObject | undefined {
    switch (part.type) {
      case 'text':
      case 'refusal':
        return part.text.trim() === '' ? undefined : { text: part.text };
      case 'image':
        return encodeImage(part, param);
      case 'file':
        return encodeDocument(part, this.names.next(part.name), param);
      case 'audio':
        return encodeAudio(part, param);
      case 'reasoning':
        return this.encodeReasoning(part, param);
      case 'tool-call':
        return encodeCall(part, param);
      case 'tool-result':
        return this.encodeResult(part, param);
      case 'vendor':
        throw cannotSay(`a ${part.name} block`, param);
    }
  }

  private encodeReasoning(part: ReasoningPart, param: string): JsonObject | undefined {
    const { text, signature, redacted } = part;
    const isOwn =
      signature?.dialect === 'bedrock-converse' || signature?.dialect === signatureDialect(this.modelId);
    if (signature !== undefined && isOwn && redacted !== true)
      return { reasoningContent: { reasoningText: { text, signature: signature.value } } };
    // What Anthropic itself encrypted comes in another wrapping.
    if (signature?.dialect === 'bedrock-converse') {
      return { reasoningContent: { redactedContent: signature.value } };
    }
    warnOfReasoning(part, param, this.warnings);
    return undefined;
  }

  private encodeResult({ toolCallId, content, isError }: ToolResultPart, param: string): JsonObject {
    const encoded: JsonObject[] = [];
    for (const [index, part] of content.entries()) {
      const block = this.encodeOutput(part, `${param}.content[${index}]`);
      if (block !== undefined) encoded.push(block);
    }
    return {
      toolResult: {
        toolUseId: callId(toolCallId),
        content: encoded.length > 0 ? encoded : [{ text: NO_OUTPUT }],
        ...(isError ? { status: 'error' } : {}),
      },
    };
  }

  private encodeOutput(part: TextPart | ImagePart | FilePart, param: string): JsonObject | undefined {
    return this.encode(part, param);
  }
}

export function encodeCachePoint({ ttl }: CacheControl): JsonObject {
  // Five minutes are the default; older models know no other.
  return { cachePoint: { type: 'default', ...(ttl === '1h' ? { ttl } : {}) } };
}

function encodeCall({ id, name, arguments: text }: ToolCallPart, param: string): JsonObject {
  return { toolUse: { toolUseId: callId(id), name, input: readArguments(text, param) } };
}

const TAKEN = /^[A-Za-z0-9_-]{1,64}$/;

/** Some vendors' ids have more in them, `functions.weather:0`: such an id gets another, the same in a call and its result. */
function callId(id: string): string {
  return TAKEN.test(id) ? id : `tooluse_${createHash('sha256').update(id).digest('base64url')}`;
}

function readArguments(text: string, param: string): JsonObject {
  const value = parseObject(text);
  if (value !== undefined) return value;
  const message = `the arguments of '${param}' are no JSON object`;
  throw new GatewayError('invalid-request', message, param);
}
