// Neutral parts of a request → the parts of a content: https://ai.google.dev/api/caching#Part

import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  FilePart,
  ImagePart,
  Part,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
} from '../../conversation/part.ts';
import { foreignMembers, ownMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { parseObject } from '../../json/parse-object.ts';
import { present } from '../../json/read-value.ts';
import { warnOfReasoning } from '../left-out-reasoning.ts';
import { isMadeId } from './call-ids.ts';
import { mediaTypeOfUrl } from './media-types.ts';
import { checksSignatures, takesCallIds, takesMediaInResults } from './model-generation.ts';
import { withMembers } from './place-members.ts';
import { NO_SIGNATURE, writeThoughtSignature } from './thought-signature.ts';

const DIALECT = 'gemini';

/** The parts of one content after another; it remembers which function a call's id stands for. */
export class PartEncoder {
  private readonly warnings: Warning[];
  private readonly sendsIds: boolean;
  private readonly needsSignatures: boolean;
  private readonly nestsMedia: boolean;
  /** By their ids, in their order. */
  private readonly calls = new Map<string, { readonly name: string; readonly place: number }>();
  private warnedOfCache = false;

  constructor(modelId: string, warnings: Warning[]) {
    this.warnings = warnings;
    this.sendsIds = takesCallIds(modelId);
    this.needsSignatures = checksSignatures(modelId);
    this.nestsMedia = takesMediaInResults(modelId);
  }

  /** @throws GatewayError 'invalid-request' for what must not be lost */
  encode(parts: readonly Part[], message: string): JsonObject[] {
    const wire: JsonObject[] = [];
    for (const [index, part] of parts.entries()) this.add(part, `${message}.content[${index}]`, wire);
    return wire;
  }

  /** @throws GatewayError 'invalid-request' for what must not be lost */
  encodeOne(part: Part, param: string): JsonObject[] {
    const wire: JsonObject[] = [];
    this.add(part, param, wire);
    return wire;
  }

  /** The number of the call that a result is of, among all so far; last for what is none. */
  placeOf(part: Part): number {
    const call = part.type === 'tool-result' ? this.calls.get(part.toolCallId) : undefined;
    return call?.place ?? Number.POSITIVE_INFINITY;
  }

  private add(part: Part, param: string, wire: JsonObject[]): void {
    if (part.type === 'vendor') {
      if (part.dialect !== DIALECT || !isObject(part.value)) throw cannotSay(part.name, param);
      wire.push(part.value);
      return;
    }
    for (const name of foreignMembers(part.vendor, DIALECT)) this.warnings.push(unknown(`${param}.${name}`));
    if (part.cache !== undefined && !this.warnedOfCache) {
      this.warnedOfCache = true;
      this.warnings.push({
        param: `${param}.cache_control`,
        message: `${DIALECT} decides by itself what to cache`,
      });
    }
    const own = ownMembers(part.vendor, DIALECT);
    switch (part.type) {
      case 'text':
      case 'refusal':
        if (part.text !== '') wire.push(withMembers({ text: part.text }, own));
        return;
      case 'reasoning':
        this.addReasoning(part, param, own, wire);
        return;
      case 'image':
        if (part.detail === 'low' || part.detail === 'high') this.warnings.push(unknown(`${param}.detail`));
        wire.push(withMembers(media(part, param), own));
        return;
      case 'file':
        if (part.name !== undefined) this.warnings.push(unknown(`${param}.filename`));
        if (part.context !== undefined) this.warnings.push(unknown(`${param}.context`));
        if (part.citations === true) this.warnings.push(unknown(`${param}.citations`));
        wire.push(withMembers(media(part, param), own));
        return;
      case 'audio':
        wire.push(withMembers({ inlineData: { mimeType: part.mediaType, data: part.data } }, own));
        return;
      case 'tool-call':
        wire.push(withMembers(this.call(part, param, wire), own));
        return;
      case 'tool-result':
        this.addResult(part, param, own, wire);
        return;
    }
  }

  /** Thoughts of other vendors' models are shown to this one too, without their proof; what is encrypted says nothing. */
  private addReasoning(part: ReasoningPart, param: string, own: JsonObject, wire: JsonObject[]): void {
    const { text, signature } = part;
    const proof =
      signature?.dialect === DIALECT ? { thoughtSignature: writeThoughtSignature({ signature }) } : {};
    if (text !== '') wire.push(withMembers({ text, thought: true, ...proof }, own));
    else if (signature?.dialect === DIALECT) addSignature(proof, wire);
    else warnOfReasoning(part, param, this.warnings);
  }

  private call(
    { id, name, arguments: text, signature }: ToolCallPart,
    param: string,
    wire: JsonObject[],
  ): JsonObject {
    const args = parseObject(text);
    if (args === undefined) {
      throw new GatewayError('invalid-request', `the arguments of '${param}' are no JSON object`, param);
    }
    this.calls.set(id, { name, place: this.calls.size });
    const proof =
      signature?.dialect === DIALECT ? writeThoughtSignature({ signature }) : this.missingProof(wire);
    return {
      functionCall: { ...this.callId(id), name, args },
      ...(proof === undefined ? {} : { thoughtSignature: proof }),
    };
  }

  /** Of calls made at once only the first is signed. */
  private missingProof(wire: readonly JsonObject[]): string | undefined {
    if (!this.needsSignatures || wire.some((part) => part['functionCall'] !== undefined)) return undefined;
    return NO_SIGNATURE;
  }

  private callId(id: string): { id?: string } {
    return this.sendsIds && !isMadeId(id) ? { id } : {};
  }

  private addResult(part: ToolResultPart, param: string, own: JsonObject, wire: JsonObject[]): void {
    const name = part.toolName ?? this.calls.get(part.toolCallId)?.name;
    if (name === undefined) {
      const reason = `'${param}' is the result of a call that no message before it makes`;
      throw new GatewayError('invalid-request', reason, param);
    }
    const texts: string[] = [];
    const within: JsonObject[] = [];
    const beside: JsonObject[] = [];
    for (const [index, content] of part.content.entries()) {
      if (content.type === 'text') texts.push(content.text);
      else {
        const encoded = withMembers(
          media(content, `${param}.content[${index}]`),
          ownMembers(content.vendor, DIALECT),
        );
        (this.nestsMedia && content.source.type !== 'url' ? within : beside).push(encoded);
      }
    }
    const response: JsonObject = { [part.isError ? 'error' : 'output']: texts.join('\n') };
    const functionResponse = {
      ...this.callId(part.toolCallId),
      name,
      response,
      ...present({ parts: within.length > 0 ? within : undefined }),
    };
    wire.push(withMembers({ functionResponse }, own), ...beside);
  }
}

/** Beside the content that it proves, where that is right before; else alone. */
function addSignature(proof: JsonObject, wire: JsonObject[]): void {
  const last = wire.at(-1);
  const isFree =
    last !== undefined &&
    last['thoughtSignature'] === undefined &&
    last['thought'] === undefined &&
    last['functionCall'] === undefined &&
    last['functionResponse'] === undefined;
  if (isFree) wire[wire.length - 1] = { ...last, ...proof };
  else wire.push({ text: '', ...proof });
}

/** https://ai.google.dev/gemini-api/docs/file-input-methods: files that anybody may fetch are named by their URL. */
function media({ source, type }: ImagePart | FilePart, param: string): JsonObject {
  switch (source.type) {
    case 'base64':
      return { inlineData: { mimeType: source.mediaType, data: source.data } };
    case 'text':
      return {
        inlineData: { mimeType: source.mediaType, data: Buffer.from(source.text).toString('base64') },
      };
    case 'url':
      if (!/^(https?|gs):\/\//.test(source.url)) throw cannotSay(`the URL of this ${type}`, param);
      return fileOf(source.url);
    case 'file-id':
      if (source.dialect !== DIALECT) throw cannotSay(`a file of another provider's`, param);
      return fileOf(source.id);
  }
}

function fileOf(fileUri: string): JsonObject {
  return { fileData: { fileUri, ...present({ mimeType: mediaTypeOfUrl(fileUri) }) } };
}

export function cannotSay(what: string, param: string): GatewayError {
  return new GatewayError('invalid-request', `'${param}': ${DIALECT} cannot be told ${what}`, param);
}

export function unknown(param: string): Warning {
  return { param, message: `not known to ${DIALECT}` };
}
