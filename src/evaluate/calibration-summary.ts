// How far a router's own probabilities can be trusted: what is right among the decisions that it was so sure of, and what
// share of all they are. Pure; called by report.ts.

/** A decision of a router that gives probabilities. */
export interface SureDecision {
  /** 0 to 1: of the decision that was made. */
  readonly certainty: number;
  readonly isRight: boolean;
}

export interface Level {
  /** At least this sure. */
  readonly confidence: number;
  readonly count: number;
  readonly right: number;
}

/** One entry per level, in their order. */
export function levelsOf(
  decisions: readonly SureDecision[],
  confidences: readonly number[],
): readonly Level[] {
  return confidences.map((confidence) => {
    const sure = decisions.filter(({ certainty }) => certainty >= confidence);
    return { confidence, count: sure.length, right: sure.filter(({ isRight }) => isRight).length };
  });
}

const BINS = 10;

/**
 * Expected calibration error: by how much certainty and accuracy differ, in ten bins of certainty, weighted by their
 * size (https://arxiv.org/abs/1706.04599, section 2). 0 to 1; 0 where there are no decisions.
 */
export function calibrationError(decisions: readonly SureDecision[]): number {
  const bins = Map.groupBy(decisions, ({ certainty }) => Math.min(BINS - 1, Math.floor(certainty * BINS)));
  let error = 0;
  for (const bin of bins.values()) {
    const certainty = bin.reduce((sum, decision) => sum + decision.certainty, 0);
    const right = bin.filter(({ isRight }) => isRight).length;
    error += Math.abs(certainty - right);
  }
  return decisions.length === 0 ? 0 : error / decisions.length;
}
