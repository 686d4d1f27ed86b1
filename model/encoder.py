"""The intent encoder in PyTorch: tokens of a query or route, one unit vector each. Called by train.py.

The input form is that of src/decide/embedded/token-sequence.ts; a change there is a change here.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

HEAD, TAIL, CONTEXT, TOTAL, LEAST_CONTEXT = 56, 32, 48, 88, 8
WORDS_THAT_STAND_ALONE = 12
CLS, SEP = 101, 102
CHUNK_TOKENS = 2048

Query = tuple[str, str]
"""The latest turn, and what was said before it."""


def route_text(name: str, description: str) -> str:
    return f"route: {name.replace('_', ' ').replace('-', ' ')}: {description}"


def query_of(text: str, context: str) -> Query:
    """A long turn speaks for itself."""
    return (text, "" if len(text.split()) >= WORDS_THAT_STAND_ALONE or len(text) >= 400 else context)


def tokens_of(tokenizer: Tokenizer, text: str, context: str) -> tuple[list[int], list[int]]:
    """Ids and segments: `[CLS] text [SEP]`, then `context [SEP]` where there is room for it."""
    encode = lambda part: tokenizer.encode(part, add_special_tokens=False).ids if part else []
    first = encode(text)
    if len(first) > HEAD + TAIL:
        first = first[:HEAD] + first[-TAIL:]
    room = min(CONTEXT, TOTAL - len(first))
    second = encode(context)[-room:] if room >= LEAST_CONTEXT else []
    ids = [CLS, *first, SEP] + ([*second, SEP] if second else [])
    return ids, [0] * (len(first) + 2) + [1] * (len(ids) - len(first) - 2)


class Encoder:
    def __init__(self, directory: Path) -> None:
        self.model = BertModel.from_pretrained(directory, add_pooling_layer=False)
        self.tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self._known: dict[Query, tuple[list[int], list[int]]] = {}

    def tokens(self, query: Query) -> tuple[list[int], list[int]]:
        known = self._known.get(query)
        if known is None:
            known = self._known[query] = tokens_of(self.tokenizer, *query)
        return known

    def forward(self, queries: list[Query]) -> torch.Tensor:
        """Vectors of length 1 in the order of the queries; those of a length share a pass."""
        tokens = [self.tokens(query) for query in queries]
        order = sorted(range(len(tokens)), key=lambda k: len(tokens[k][0]))
        parts: list[torch.Tensor] = []
        begin = 0
        while begin < len(order):
            end = begin + 1
            while end < len(order) and len(tokens[order[end]][0]) * (end + 1 - begin) <= CHUNK_TOKENS:
                if len(tokens[order[end]][0]) > 1.5 * len(tokens[order[begin]][0]) + 4:
                    break
                end += 1
            parts.append(self._pass([tokens[k] for k in order[begin:end]]))
            begin = end
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(parts)[back]

    def _pass(self, tokens: list[tuple[list[int], list[int]]]) -> torch.Tensor:
        width = max(len(ids) for ids, _ in tokens)
        pad = lambda row: row + [0] * (width - len(row))
        ids = torch.tensor([pad(ids) for ids, _ in tokens])
        segments = torch.tensor([pad(segments) for _, segments in tokens])
        mask = torch.tensor([[1] * len(i) + [0] * (width - len(i)) for i, _ in tokens])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=os.environ.get("BF16") == "1"):
            hidden = self.model(input_ids=ids, token_type_ids=segments, attention_mask=mask).last_hidden_state
        hidden = hidden.float()
        weights = mask[..., None].float()
        return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)

    def embed(self, queries: list[Query]) -> dict[Query, np.ndarray]:
        unique = list(dict.fromkeys(queries))
        was_training = self.model.training
        self.model.eval()
        with torch.no_grad():
            vectors = torch.cat([self.forward(unique[k : k + 512]) for k in range(0, len(unique), 512)]).numpy()
        self.model.train(was_training)
        return dict(zip(unique, vectors))
