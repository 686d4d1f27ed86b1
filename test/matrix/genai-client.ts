// The official @google/genai package.

import {
  type Content,
  FunctionCallingConfigMode,
  type GenerateContentParameters,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
  type ThinkingConfig,
  ThinkingLevel,
} from '@google/genai';
import {
  type HistoryEntry,
  MAX_TOKENS,
  type MatrixClient,
  type Outcome,
  parametersOf,
  type Question,
  THINKING_TOKENS,
} from './matrix-client.ts';

export function genaiClient(url: string, apiKey: string): MatrixClient {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url, timeout: 20_000 } });
  return {
    name: '@google/genai',
    dialect: 'gemini',
    ends: { said: 'STOP', called: 'STOP', cut: 'MAX_TOKENS' },
    says: ['failed', 'image'],
    sendsTemperature: () => true,
    async ask(question) {
      const request = requestOf(question);
      if (!question.stream) {
        const response = await client.models.generateContent(request);
        const [candidate] = response.candidates ?? [];
        return outcomeOf(candidate?.content?.parts ?? [], candidate?.finishReason, response.usageMetadata);
      }
      const parts: Part[] = [];
      let end: string | undefined;
      let usage: GenerateContentResponse['usageMetadata'];
      for await (const chunk of await client.models.generateContentStream(request)) {
        usage = chunk.usageMetadata ?? usage;
        end = chunk.candidates?.[0]?.finishReason ?? end;
        for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
          parts.push(part);
          question.onPiece?.();
        }
      }
      return outcomeOf(parts, end, usage);
    },
  };
}

function requestOf(question: Question): GenerateContentParameters {
  const { model, system, tools, forced, schema, thinks, temperature, stop, limit, signal } = question;
  return {
    model,
    contents: question.history.map(contentOf),
    config: {
      maxOutputTokens: limit ?? MAX_TOKENS,
      ...(system === undefined ? {} : { systemInstruction: [...system] }),
      ...(tools === undefined
        ? {}
        : {
            tools: [
              {
                functionDeclarations: tools.map((name) => ({
                  name,
                  description: `Tells the ${name}.`,
                  parametersJsonSchema: parametersOf(name),
                })),
              },
            ],
          }),
      ...(forced === undefined
        ? {}
        : {
            toolConfig: {
              functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: [forced] },
            },
          }),
      ...(schema === undefined ? {} : { responseMimeType: 'application/json', responseJsonSchema: schema }),
      ...(thinks === true ? { thinkingConfig: thinkingOf(model) } : {}),
      ...(temperature === undefined ? {} : { temperature }),
      ...(stop === undefined ? {} : { stopSequences: [stop] }),
      ...(signal === undefined ? {} : { abortSignal: signal }),
    },
  };
}

function thinkingOf(model: string): ThinkingConfig {
  return model.startsWith('gemini-3')
    ? { includeThoughts: true, thinkingLevel: ThinkingLevel.LOW }
    : { includeThoughts: true, thinkingBudget: THINKING_TOKENS };
}

function contentOf(entry: HistoryEntry): Content {
  if (entry.type === 'answer') return { role: 'model', parts: entry.outcome.message as Part[] };
  if (entry.type === 'results') {
    return {
      role: 'user',
      parts: entry.results.map(({ id, name, text, failed, image }) => ({
        functionResponse: {
          ...(id === '' ? {} : { id }),
          name,
          response: failed === true ? { error: text } : { output: text },
          ...(image === undefined ? {} : { parts: [{ inlineData: { mimeType: 'image/png', data: image } }] }),
        },
      })),
    };
  }
  const { text, media } = entry;
  const data = media === undefined ? [] : [{ inlineData: { mimeType: media.type, data: media.base64 } }];
  return { role: 'user', parts: [{ text }, ...data] };
}

function outcomeOf(
  parts: readonly Part[],
  end: string | undefined,
  usage: GenerateContentResponse['usageMetadata'],
): Outcome {
  const textOf = (thought: boolean): string =>
    parts.map((part) => ((part.thought === true) === thought ? (part.text ?? '') : '')).join('');
  return {
    text: textOf(false),
    end: end ?? '',
    reasoning: textOf(true),
    calls: parts.flatMap(({ functionCall }) =>
      functionCall === undefined
        ? []
        : [{ id: functionCall.id ?? '', name: functionCall.name ?? '', input: functionCall.args ?? {} }],
    ),
    usage: {
      input: usage?.promptTokenCount ?? -1,
      cached: usage?.cachedContentTokenCount ?? -1,
      output: (usage?.candidatesTokenCount ?? -1) + (usage?.thoughtsTokenCount ?? 0),
    },
    message: parts,
  };
}
