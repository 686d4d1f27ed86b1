"""Routing tasks: a query, a list of routes, and which of them is right. Drawn from held-out routes and public sets.

Called by train.py and evaluate.py. Draws depend on nothing but the seed.
"""

from __future__ import annotations

import csv
import json
import math
import random
from dataclasses import dataclass
from pathlib import Path

from encoder import Query, query_of, route_text
from tables import Tables


@dataclass(frozen=True)
class Task:
    query: Query
    routes: tuple[str, ...]
    gold: int | None
    source: str = ""


def log_uniform(rng: random.Random, low: int, high: int) -> int:
    return round(math.exp(rng.uniform(math.log(low), math.log(high))))


def own_tasks(
    tables: Tables, held_out: set[str], seed: int, sizes: tuple[int, int], count: int, from_all: bool = False
) -> list[Task]:
    """Prompts of held-out routes among held-out routes (`from_all`: among all), the right one left out of a fifth."""
    rng = random.Random(seed)
    prompts = tables.of(held_out)
    pool = sorted(tables.wordings if from_all else held_out)
    tasks: list[Task] = []
    for index in range(count):
        prompt = rng.choice(prompts)
        right = prompt.route
        broad = [p for p in tables.parents(right) if p in held_out]
        if broad and rng.random() < 0.25:
            right = rng.choice(broad)
        others = [o for o in pool if o != right and not tables.may_fit(prompt.route, o)]
        size = log_uniform(rng, *sizes)
        answerable = index % 5 != 4
        chosen = rng.sample(others, min(len(others), size - 1 if answerable else size))
        if answerable:
            chosen.insert(rng.randint(0, len(chosen)), right)
        routes = tuple(route_text(*(rng.choice(part) for part in tables.wordings[route])) for route in chosen)
        gold = chosen.index(right) if answerable else None
        tasks.append(Task(query_of(prompt.text, prompt.context), routes, gold, prompt.source))
    return tasks


def near_miss_tasks(tables: Tables, held_out: set[str], seed: int) -> list[Task]:
    """Lists that somebody wrote a prompt for which fits none of their routes."""
    rng = random.Random(seed)
    tasks: list[Task] = []
    for near_miss in tables.near_misses:
        if held_out.intersection(near_miss.routes):
            chosen = [route_text(*(rng.choice(part) for part in tables.wordings[r])) for r in near_miss.routes]
            tasks.append(Task((near_miss.text, ""), tuple(chosen), None, "near-miss"))
    return tasks


def clinc_intents(part: str) -> list[str]:
    """100 of CLINC150's intents may be trained on (`train`), 25 calibrate (`dev`), 25 are only measured (`test`)."""
    intents = (Path(__file__).parent / "data" / "clinc_intents.txt").read_text(encoding="utf8").split()
    mixed = random.Random(11).sample(intents, len(intents))
    return {"dev": mixed[:25], "test": mixed[25:50], "train": mixed[50:]}[part]


def public_tasks(directory: Path, name: str, seed: int, count: int) -> list[Task]:
    """CLINC150 `val` (`clinc`; `clinc-test`: of held-out intents; `clinc-dev`: of others, their `train`) or `banking`."""
    rng = random.Random(seed)
    if name.startswith("clinc"):
        content = json.loads((directory / "clinc150.json").read_text(encoding="utf8"))
        part = name.removeprefix("clinc").removeprefix("-")
        intents = clinc_intents(part) if part else [i for p in ("dev", "test", "train") for i in clinc_intents(p)]
        pairs = [pair for pair in content["train" if part == "dev" else "val"] if pair[1] in intents]
    else:
        with (directory / "banking77.csv").open(encoding="utf8") as file:
            pairs = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    intents = sorted({intent for _, intent in pairs} - {"oos"})
    pairs = [pair for pair in pairs if pair[1] != "oos"]
    tasks: list[Task] = []
    for index in range(count):
        text, intent = rng.choice(pairs)
        others = [other for other in intents if other != intent]
        size = rng.randint(5, 10)
        answerable = index % 5 != 4
        chosen = rng.sample(others, size - 1 if answerable else size)
        if answerable:
            chosen.insert(rng.randint(0, size - 1), intent)
        routes = tuple(route_text(i, f"User asks about {i.replace('_', ' ')}") for i in chosen)
        tasks.append(Task((text, ""), routes, chosen.index(intent) if answerable else None, name))
    return tasks
