// The numbers beside the weights: what turns cosines into probabilities. Fitted with the weights by model/finish.py, read
// from calibration.json once per process; probabilities.ts says how they are used.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A level that a vector sets by itself: its product with the weights, plus the bias. */
export interface Level {
  readonly weights: readonly number[];
  readonly bias: number;
}

export interface Calibration {
  /** A logit per unit of cosine. */
  readonly scale: number;
  /** How willing a query is to match nothing. */
  readonly noneLevel: Level;
  /** How willing a route is to match anything. */
  readonly routeLevel: Level;
  /** The log-odds of "nothing fits". */
  readonly none: {
    /** Per logit that the level of none is above the best route's. */
    readonly ahead: number;
    /** Per logit that the best route's is above the second's, up to `longestLead`. */
    readonly lead: number;
    readonly longestLead: number;
    /** Per unit of the logarithm of the number of routes. */
    readonly logRoutes: number;
    readonly bias: number;
  };
  /** Of the routes among themselves: 1 divided by the temperature. */
  readonly sharpness: number;
  /** The default of `routing.confidence`; model/README.md has the curve that it was chosen by. */
  readonly confidence: number;
}

const level: z.ZodType<Level> = z.strictObject({ weights: z.array(z.number()), bias: z.number() });
const calibrationSchema: z.ZodType<Calibration> = z.strictObject({
  scale: z.number().positive(),
  noneLevel: level,
  routeLevel: level,
  none: z.strictObject({
    ahead: z.number(),
    lead: z.number(),
    longestLead: z.number().positive(),
    logRoutes: z.number(),
    bias: z.number(),
  }),
  sharpness: z.number().positive(),
  confidence: z.number().min(0).max(1),
});

/** Rejects where the file is missing or incomplete. */
export async function loadCalibration(path: string): Promise<Calibration> {
  const content: unknown = JSON.parse(await readFile(path, 'utf8'));
  return calibrationSchema.parse(content);
}
