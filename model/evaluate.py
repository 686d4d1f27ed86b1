"""Measures a shipped model on routes that it was not trained on. `npm run eval:routing` measures it in the router itself.

    python evaluate.py [--model DIR] [--held-out test] [--public DIR]

--public is a folder with clinc150.json and banking77.csv.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from calibrate import Decision, judge, logits_of, report
from onnx_encoder import OnnxEncoder
from tables import load_tables
from tasks import Task, near_miss_tasks, own_tasks, public_tasks

HERE = Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path, default=HERE / "data")
parser.add_argument("--model", type=Path, default=HERE)
parser.add_argument("--held-out", choices=["dev", "test"], default="test")
parser.add_argument("--public", type=Path)
parser.add_argument("--count", type=int, default=1500)
options = parser.parse_args()

stored = json.loads((options.model / "calibration.json").read_text())
heads = {
    "scale": stored["scale"],
    "none": stored["noneLevel"]["weights"],
    "noneBias": stored["noneLevel"]["bias"],
    "route": stored["routeLevel"]["weights"],
    "routeBias": stored["routeLevel"]["bias"],
}
none = stored["none"]
constants = {
    "none": [none["ahead"], none["lead"], none["logRoutes"], none["bias"]],
    "sharpness": stored["sharpness"],
}
encoder = OnnxEncoder(options.model)
tables = load_tables(options.data)
held_out = tables.test if options.held_out == "test" else tables.dev


def measure(title: str, tasks: list[Task]) -> list[Decision]:
    decisions = judge(logits_of(tasks, encoder.embed, heads), constants)
    print(f"{title:28} {len(decisions):5}  {report(decisions)}", flush=True)
    return decisions


def parts(decisions: list[Decision], name: str, of: Callable[[Decision], str]) -> None:
    for key in sorted({of(decision) for decision in decisions}):
        chosen = [decision for decision in decisions if of(decision) == key]
        if len(chosen) >= 20:
            print(f"  {f'{name} {key}':26} {len(chosen):5}  {report(chosen)}")


def language(decision: Decision) -> str:
    source = decision.task.source
    return source.removeprefix("lang-") if source.startswith("lang-") else "en"


def length(decision: Decision) -> str:
    words = len(decision.task.query[0].split())
    return "1-5 words" if words < 6 else "6-15 words" if words < 16 else "16-39 words" if words < 40 else "40+ words"


measured = {}
own = measured["own"] = measure("own, 5 to 10 routes", own_tasks(tables, held_out, 2, (5, 10), options.count))
parts(own, "language", language)
parts(own, "length", length)
parts(own, "turns", lambda d: "with context" if d.task.query[1] else "alone")
for size in (2, 5, 10, 30):
    measure(f"own, {size} routes", own_tasks(tables, held_out, 3, (size, size), options.count // 2))
measure("own, 100 routes, all data's", own_tasks(tables, held_out, 4, (100, 100), options.count // 4, from_all=True))
measure("near misses", near_miss_tasks(tables, held_out, 2))
if options.public is not None:
    for name in ("clinc", "clinc-test", "banking"):
        measured[name] = measure(name, public_tasks(options.public, name, 2, options.count))
for name, decisions in measured.items():
    for confidence in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        above = [decision for decision in decisions if decision.probability >= confidence]
        right = sum(decision.right for decision in above) / max(1, len(above))
        print(f"{name}, above {confidence}: {100 * len(above) / len(decisions):.0f} % decided, {100 * right:.1f} % right")
