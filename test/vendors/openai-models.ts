// What OpenAI's models refuse, by the models that the tests ask.
// https://developers.openai.com/api/docs/guides/reasoning and …/guides/latest-model

export interface ModelSettings {
  readonly model: string;
  readonly effort: string | undefined;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly frequency_penalty?: number | null;
  readonly presence_penalty?: number | null;
}

interface ModelRules {
  readonly efforts: readonly string[];
  /** The efforts, or none asked for, with which it takes sampling. */
  readonly samples: readonly (string | undefined)[];
}

const MODELS: Readonly<Record<string, ModelRules>> = {
  'gpt-5.1': { efforts: ['none', 'low', 'medium', 'high'], samples: [undefined, 'none'] },
  'gpt-5.4': { efforts: ['none', 'low', 'medium', 'high', 'xhigh'], samples: ['none'] },
  'gpt-6-astra': { efforts: ['low', 'medium', 'high', 'xhigh', 'max'], samples: [] },
  'gpt-5-mini': { efforts: ['minimal', 'low', 'medium', 'high'], samples: [] },
};

export function* findModelBreaches(settings: ModelSettings): Generator<string> {
  const { model, effort } = settings;
  const rules = MODELS[model];
  if (rules === undefined) return;
  if (effort !== undefined && !rules.efforts.includes(effort))
    yield `Unsupported value: '${effort}' is not supported with the '${model}' model. Supported values are: ${rules.efforts.join(', ')}`;
  const samples = rules.samples.includes(effort);
  for (const name of ['temperature', 'top_p'] as const)
    if (!samples && (settings[name] ?? 1) !== 1)
      yield `Unsupported parameter: '${name}' is not supported with this model.`;
  for (const name of ['frequency_penalty', 'presence_penalty'] as const)
    if ((settings[name] ?? 0) !== 0)
      yield `Unsupported parameter: '${name}' is not supported with this model.`;
}
