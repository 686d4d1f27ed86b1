// Picks, out of many prompts, a few that use the words of some texts: cheap enough to look through thousands. Called by
// find-overlaps.ts. Pure.

/** Shorter words (of, the, and) are in every prompt. */
const SHORTEST_WORD = 4;
/** Words that begin alike are one: write, writing, written. */
const STEM = 4;

/** At most `count`, those that share words with all texts first; none that shares nothing with any. */
export function resemblingPrompts(
  prompts: readonly string[],
  texts: readonly string[],
  count: number,
): readonly string[] {
  const wanted = texts.map(stemsOf);
  return prompts
    .map((prompt) => {
      const stems = stemsOf(prompt);
      const shared = wanted.map((words) => [...words].filter((word) => stems.has(word)).length);
      // One that has words of each text stands before one that has many of a single one.
      return { prompt, score: Math.min(...shared) * 100 + shared.reduce((sum, each) => sum + each, 0) };
    })
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)
    .slice(0, count)
    .map(({ prompt }) => prompt);
}

function stemsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set(words.filter(({ length }) => length >= SHORTEST_WORD).map((word) => word.slice(0, STEM)));
}
