// What differs between Gemini's generations, told by the model's name. Models that bear no such name count as unknown: they
// get what the API documents, without guesses.

/** 2.5, 3, …; the newest of those told apart here for `gemini-flash-latest` and its like. */
export function generationOf(modelId: string): number | undefined {
  const version = /gemini-(\d+(?:\.\d+)?)/.exec(modelId)?.[1];
  if (version !== undefined) return Number(version);
  return /gemini-[a-z-]*latest/.test(modelId) ? 3 : undefined;
}

/** Older models refuse `id` in calls and results on Vertex; nobody needs it there. */
export function takesCallIds(modelId: string): boolean {
  return isNewOrUnknown(modelId);
}

/** Media inside a function's result: https://ai.google.dev/gemini-api/docs/function-calling#multimodal */
export function takesMediaInResults(modelId: string): boolean {
  return isNewOrUnknown(modelId);
}

function isNewOrUnknown(modelId: string): boolean {
  const generation = generationOf(modelId);
  return generation === undefined || generation >= 3;
}

/** A call without a signature is a 400: https://ai.google.dev/gemini-api/docs/thought-signatures */
export function checksSignatures(modelId: string): boolean {
  const generation = generationOf(modelId);
  return generation !== undefined && generation >= 3;
}
