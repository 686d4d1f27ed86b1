"""Teaches the English vocabulary the words of data/lexicon.tsv: each starts where its meaning already is.

    python vocabulary.py MINILM OUT

New word pieces take the places of BERT's unused ones and of scripts that a router of this size cannot read, then follow
the last. Words of scripts without spaces become added
tokens, which are found anywhere in a text; their characters become pieces too, for words that the lexicon lacks.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from tables import load_tables, rows

DATA = Path(__file__).parent / "data"
WITHOUT_SPACES = {"zh", "ja"}
SHORTEST_WORD = 3
UNREADABLE = set(
    "ARMENIAN BENGALI DEVANAGARI GEORGIAN HEBREW KANNADA MODIFIER SINHALA SUBSCRIPT SUPERSCRIPT TAMIL THAI TIBETAN".split()
)


def is_ideograph(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def is_idle(piece: str) -> bool:
    """Pieces that no text has, or none that the encoder makes anything of."""
    bare = piece.removeprefix("##")
    if piece.startswith("[unused"):
        return True
    if piece.startswith("##") and is_ideograph(bare):
        return True
    return any(unicodedata.name(character, "").split(" ")[0] in UNREADABLE for character in bare)


def meanings(tokenizer: Tokenizer) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, set[str]]]:
    """Words, words of scripts without spaces, and single ideographs, with what they mean in English."""
    words: dict[str, set[str]] = defaultdict(set)
    joined: dict[str, set[str]] = defaultdict(set)
    ideographs: dict[str, set[str]] = defaultdict(set)
    (_, *languages), *lexicon = rows(DATA / "lexicon.tsv")
    for english, *cells in lexicon:
        for language, cell in zip(languages, cells):
            for term in cell.split("|"):
                if language in WITHOUT_SPACES:
                    if len(term) > 1:
                        joined[term].add(english)
                    for character in filter(is_ideograph, term):
                        ideographs[character].add(english)
                else:
                    normal = tokenizer.normalizer.normalize_str(term)
                    for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal):
                        if len(word) >= SHORTEST_WORD and word.isalpha():
                            words[word].add(english)
    for prompt in load_tables(DATA).prompts:
        for character in filter(is_ideograph, prompt.text):
            ideographs.setdefault(character, set())
    return words, joined, ideographs


def extend(base: Path, out: Path) -> None:
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    model = BertModel.from_pretrained(base, add_pooling_layer=False)
    vectors = model.embeddings.word_embeddings.weight.detach()
    description = json.loads(tokenizer.to_str())
    pieces: dict[str, int] = description["model"]["vocab"]
    words, joined, ideographs = meanings(tokenizer)
    free = sorted(pieces.pop(piece) for piece in list(pieces) if is_idle(piece))
    size = len(vectors)
    added: list[tuple[int, torch.Tensor]] = []
    middle = vectors.mean(0)

    def meaning(of: set[str]) -> torch.Tensor:
        if not of:
            return middle
        ids = [tokenizer.encode(english, add_special_tokens=False).ids for english in sorted(of)]
        return torch.stack([vectors[i].mean(0) for i in ids]).mean(0)

    def place() -> int:
        nonlocal size
        if free:
            return free.pop(0)
        size += 1
        return size - 1

    for piece, of in [*words.items(), *ideographs.items()]:
        if piece not in pieces:
            pieces[piece] = place()
            added.append((pieces[piece], meaning(of)))
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    for term, of in joined.items():
        entry = {"id": place(), "content": term, **plain}
        description["added_tokens"].append(entry)
        pieces[term] = entry["id"]
        added.append((entry["id"], meaning(of)))
    # An index that no piece has would shift those behind it.
    while free:
        pieces[f"[unused{free[0]}]"] = free.pop(0)
    description["model"]["vocab"] = dict(sorted(pieces.items(), key=lambda item: item[1]))
    description["added_tokens"].sort(key=lambda token: token["id"])
    model.resize_token_embeddings(size, mean_resizing=False)
    with torch.no_grad():
        for index, vector in added:
            model.embeddings.word_embeddings.weight[index] = vector
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    text = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
    (out / "tokenizer.json").write_text(text, encoding="utf8")
    print(f"{len(added)} pieces added, {size} in all, tokenizer {len(text.encode()) / 1e6:.2f} MB")


if __name__ == "__main__":
    extend(Path(sys.argv[1]), Path(sys.argv[2]))
