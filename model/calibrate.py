"""From logits to probabilities: a few constants, fitted on tasks of held-out routes. Called by train.py and finish.py.

What is fitted here is what src/decide/embedded/probabilities.ts computes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from encoder import Query
from tasks import Task

THRESHOLD = 0.6
"""`routing.threshold`: at one half, near misses match; chosen on the routes held out for dev."""

Embed = Callable[[list[Query]], dict[Query, np.ndarray]]


@dataclass(frozen=True)
class Judged:
    """A task's logits: one per route, and that of none."""

    task: Task
    routes: np.ndarray
    none: float


@dataclass(frozen=True)
class Decision:
    right: bool
    """Whether the likeliest of all, none included, is right."""
    probability: float
    of_gold: float
    task: Task
    is_none: bool
    ranked_right: bool


def logits_of(tasks: list[Task], embed: Embed, heads: dict) -> list[Judged]:
    queries = embed([task.query for task in tasks])
    routes = embed([(route, "") for task in tasks for route in task.routes])
    none, route = np.array(heads["none"]), np.array(heads["route"])
    judged = []
    for task in tasks:
        query = queries[task.query]
        matrix = np.stack([routes[(text, "")] for text in task.routes])
        values = heads["scale"] * (matrix @ query) + matrix @ route + heads["routeBias"]
        judged.append(Judged(task, values, float(query @ none) + heads["noneBias"]))
    return judged


def features(item: Judged) -> np.ndarray:
    """How far none is ahead of the best route, how far that is ahead of the second, how many there are."""
    ordered = np.sort(item.routes)[::-1]
    lead = min(ordered[0] - ordered[1], 8.0) if len(ordered) > 1 else 0.0
    return np.array([item.none - ordered[0], lead, np.log(len(ordered)), 1.0])


def fit(judged: list[Judged]) -> dict[str, object]:
    """Logistic regression for none, a temperature for the routes."""
    x = torch.tensor(np.stack([features(item) for item in judged]), dtype=torch.float64)
    y = torch.tensor([item.task.gold is None for item in judged], dtype=torch.float64)
    weights = torch.tensor([1.0, -0.1, 0.0, 0.0], dtype=torch.float64, requires_grad=True)
    heat = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    scoped = [item for item in judged if item.task.gold is not None and len(item.routes) > 1]
    widest = max(len(item.routes) for item in judged)
    padded = torch.full((len(scoped), widest), -1e9, dtype=torch.float64)
    for k, item in enumerate(scoped):
        padded[k, : len(item.routes)] = torch.tensor(item.routes)
    gold = torch.tensor([item.task.gold for item in scoped])
    optimizer = torch.optim.LBFGS([weights, heat], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        none = torch.nn.functional.binary_cross_entropy_with_logits(x @ weights, y)
        value = none + torch.nn.functional.cross_entropy(padded * heat[0].exp(), gold) + 1e-4 * (weights**2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return {"none": weights.detach().tolist(), "sharpness": float(heat[0].detach().exp())}


def probabilities(item: Judged, constants: dict) -> tuple[np.ndarray, float]:
    none = 1 / (1 + np.exp(-float(features(item) @ np.array(constants["none"]))))
    exponent = np.exp(constants["sharpness"] * (item.routes - item.routes.max()))
    return (1 - none) * exponent / exponent.sum(), none


def judge(judged: list[Judged], constants: dict) -> list[Decision]:
    decisions = []
    for item in judged:
        routes, none = probabilities(item, constants)
        best = int(routes.argmax())
        # Matched or not is one question, and which route is the next.
        chosen = None if 1 - none < THRESHOLD else best
        gold = item.task.gold
        decisions.append(
            Decision(
                chosen == gold,
                float(none if chosen is None else routes[best]),
                float(none if gold is None else routes[gold]),
                item.task,
                gold is None,
                best == gold,
            )
        )
    return decisions


def calibration_error(decisions: list[Decision], bins: int = 10) -> float:
    chances = np.array([d.probability for d in decisions])
    right = np.array([d.right for d in decisions])
    place = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = [abs(chances[place == b].mean() - right[place == b].mean()) * (place == b).mean() for b in range(bins) if (place == b).any()]
    return float(sum(gaps))


def coverage(decisions: list[Decision], accuracy: float) -> tuple[float, float]:
    """The largest share of decisions above a confidence that are right that often, and the confidence."""
    ordered = sorted(decisions, key=lambda d: -d.probability)
    right = np.cumsum([d.right for d in ordered]) / np.arange(1, len(ordered) + 1)
    enough = np.flatnonzero(right >= accuracy)
    if not len(enough):
        return 0.0, 1.0
    return (enough[-1] + 1) / len(ordered), ordered[enough[-1]].probability


def share(values: list[bool]) -> str:
    if not values:
        return "-"
    mean = float(np.mean(values))
    return f"{100 * mean:.1f} ±{100 * (mean * (1 - mean) / len(values)) ** 0.5:.1f}"


def report(decisions: list[Decision]) -> str:
    scoped = [d for d in decisions if not d.is_none]
    wide, confidence = coverage(decisions, 0.97)
    loss = -np.mean([np.log(max(d.of_gold, 1e-9)) for d in decisions])
    return (
        f"all {share([d.right for d in decisions])} in {share([d.right for d in scoped])} "
        f"top1 {share([d.ranked_right for d in scoped])} none {share([d.right for d in decisions if d.is_none])} "
        f"ece {calibration_error(decisions):.3f} 97 % on {100 * wide:.0f} % above {confidence:.2f} loss {loss:.3f}"
    )
