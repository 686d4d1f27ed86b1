// The model directory as the embedded router needs it: the encoder and its calibration, which belong together. Loaded once
// per process by whoever holds the router.

import { join } from 'node:path';
import { type Calibration, loadCalibration } from './calibration.ts';
import { type Encoder, loadEncoder } from './encoder.ts';

export interface EmbeddedModel {
  readonly encoder: Encoder;
  readonly calibration: Calibration;
}

/** Rejects where a file is missing or damaged. */
export async function loadEmbeddedModel(modelDirectory: string): Promise<EmbeddedModel> {
  const calibration = await loadCalibration(join(modelDirectory, 'calibration.json'));
  return { encoder: await loadEncoder(modelDirectory), calibration };
}
