// The intent encoder: text in, unit vector out, on the CPU with one thread. Loaded once per process by whoever holds the
// embedded router; knows the model's files and input form (token-sequence.ts), and nothing of routes or thresholds.

import './silence-runtime.ts';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadTokenizer } from './load-tokenizer.ts';
import { type EncoderInput, tokenSequence } from './token-sequence.ts';

export type { EncoderInput } from './token-sequence.ts';

export interface Encoder {
  /**
   * One vector of length 1, so that a dot product is the cosine. Inference blocks the event loop for its 1 to 9 ms:
   * the runtime has no asynchronous call for one thread. One input at a time, never a batch: the weights' dynamic
   * quantisation shares its scale over a batch, and a vector must not depend on its neighbours.
   */
  encode(input: EncoderInput): Promise<Float32Array>;
  /** Frees the model's memory; no call may follow. */
  close(): Promise<void>;
}

/** Loads `model.int8.onnx` and `tokenizer.json` (see model/README.md). Rejects where either is missing or damaged. */
export async function loadEncoder(modelDirectory: string): Promise<Encoder> {
  const tokenize = await loadTokenizer(join(modelDirectory, 'tokenizer.json'));
  const session = await InferenceSession.create(join(modelDirectory, 'model.int8.onnx'), {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return {
    async encode(input) {
      const { ids, segments } = tokenSequence(input, tokenize);
      const row = (values: readonly number[]): Tensor =>
        new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
      const outputs = await session.run({
        input_ids: row(ids),
        attention_mask: row(ids.map(() => 1)),
        token_type_ids: row(segments),
      });
      return unitVector(outputs['v']?.data);
    },
    close: () => session.release(),
  };
}

function unitVector(data: unknown): Float32Array {
  if (!(data instanceof Float32Array))
    throw new TypeError('model.int8.onnx: output "v" is not a float vector');
  const length = Math.hypot(...data);
  return data.map((value) => value / length);
}
