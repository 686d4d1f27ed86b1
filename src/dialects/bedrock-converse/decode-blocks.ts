// The content blocks of an answer → neutral parts.

import type { Citation, Part } from '../../conversation/part.ts';
import type { Signature } from '../../conversation/signature.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { signatureDialect } from './model-families.ts';

export function decodeBlocks(content: readonly JsonValue[], modelId: string): Part[] {
  const parts: Part[] = [];
  for (const block of content) {
    const part = isObject(block) ? decodeBlock(block, modelId) : undefined;
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

/** Undefined for what only the vendor knows: tools that it runs itself, and what they gave. */
function decodeBlock(block: JsonObject, modelId: string): Part | undefined {
  const { text, toolUse, reasoningContent, citationsContent, image } = block;
  if (typeof text === 'string') return { type: 'text', text };
  if (isObject(toolUse)) return decodeCall(toolUse);
  if (isObject(reasoningContent)) return decodeReasoning(reasoningContent, modelId);
  if (isObject(citationsContent)) return decodeCited(citationsContent);
  return isObject(image) ? decodeImage(image) : undefined;
}

function decodeCall(call: JsonObject): Part | undefined {
  if (call['type'] === 'server_tool_use') return undefined;
  return {
    type: 'tool-call',
    id: stringOf(call['toolUseId']) ?? '',
    name: stringOf(call['name']) ?? '',
    arguments: JSON.stringify(call['input'] ?? {}),
  };
}

function decodeReasoning({ reasoningText, redactedContent }: JsonObject, modelId: string): Part {
  if (typeof redactedContent === 'string') {
    return { type: 'reasoning', text: '', redacted: true, signature: redactedProof(redactedContent) };
  }
  const { text, signature } = objectOf(reasoningText);
  return {
    type: 'reasoning',
    text: stringOf(text) ?? '',
    ...present({ signature: proofOf(stringOf(signature), modelId) }),
  };
}

export function proofOf(value: string | undefined, modelId: string): Signature | undefined {
  return value === undefined || value === '' ? undefined : { dialect: signatureDialect(modelId), value };
}

/** Base64, of what the model's vendor encrypted; only Bedrock wraps it so. */
export function redactedProof(value: string): Signature {
  return { dialect: 'bedrock-converse', value };
}

function decodeCited({ content, citations }: JsonObject): Part {
  const text = textsOf(content).join('');
  return { type: 'text', text, citations: objectsOf(citations).map(decodeCitation) };
}

export function decodeCitation({ title, source, sourceContent, location }: JsonObject): Citation {
  const cited = textsOf(sourceContent).join('');
  const web = stringOf(objectOf(objectOf(location)['web'])['url']);
  const from = stringOf(source);
  return present({
    url: web ?? (from !== undefined && /^https?:\/\//.test(from) ? from : undefined),
    title: stringOf(title),
    citedText: cited === '' ? undefined : cited,
  });
}

function textsOf(value: JsonValue | undefined): string[] {
  return objectsOf(value).map(({ text }) => stringOf(text) ?? '');
}

function decodeImage({ format, source }: JsonObject): Part | undefined {
  const data = stringOf(objectOf(source)['bytes']);
  if (data === undefined) return undefined;
  return { type: 'image', source: { type: 'base64', mediaType: `image/${stringOf(format) ?? 'png'}`, data } };
}
