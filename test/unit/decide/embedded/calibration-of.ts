// A calibration with round numbers. Used by the tests of the embedded router's arithmetic.

import type { Calibration } from '../../../../src/decide/embedded/calibration.ts';

export function calibrationOf(changes: Partial<Calibration>): Calibration {
  return {
    scale: 1,
    noneLevel: { weights: [0, 0], bias: 0 },
    routeLevel: { weights: [0, 0], bias: 0 },
    none: { ahead: 1, lead: 0, longestLead: 8, logRoutes: 0, bias: 0 },
    sharpness: 1,
    confidence: 0.8,
    ...changes,
  };
}
