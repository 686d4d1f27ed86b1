"""The shipped encoder: the quantised weights, one text at a time, as src/decide/embedded/encoder.ts runs them.

Called by finish.py and evaluate.py.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from encoder import Query, tokens_of


class OnnxEncoder:
    def __init__(self, directory: Path, file: str = "model.int8.onnx") -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(directory / file), options)
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._known: dict[Query, np.ndarray] = {}

    def embed(self, queries: list[Query]) -> dict[Query, np.ndarray]:
        for query in queries:
            if query not in self._known:
                self._known[query] = self._vector(query)
        return self._known

    def _vector(self, query: Query) -> np.ndarray:
        ids, segments = tokens_of(self._tokenizer, *query)
        row = lambda values: np.array([values], np.int64)
        inputs = {"input_ids": row(ids), "attention_mask": row([1] * len(ids)), "token_type_ids": row(segments)}
        vector = self._session.run(None, inputs)[0][0]
        return vector / np.linalg.norm(vector)
