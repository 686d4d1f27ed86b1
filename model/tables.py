"""The training data as written in data/: routes, broad routes over them, prompts, and lists in which nothing fits.

Called by train.py and check_data.py; knows nothing of models.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

TURNS = " || "
MARKS = ("[system]", "[call]", "[tool]")
"""A turn that begins so is not the user's or the assistant's; the gateway hands the router neither."""


@dataclass(frozen=True)
class Prompt:
    route: str
    text: str
    """The latest user turn."""
    context: str
    """The two messages before it."""
    source: str


@dataclass(frozen=True)
class NearMiss:
    routes: tuple[str, ...]
    text: str


@dataclass
class Tables:
    wordings: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    """Names and descriptions of every route, broad or not."""
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    """The routes that a broad route covers."""
    overlaps: dict[str, set[str]] = field(default_factory=dict)
    prompts: list[Prompt] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)
    dev: set[str] = field(default_factory=set)
    test: set[str] = field(default_factory=set)

    def may_fit(self, route: str, other: str) -> bool:
        """Whether a prompt of `route` may also belong to `other`, so that neither is held against the other."""
        if route == other:
            return True
        if route in self.members:
            return any(self.may_fit(member, other) for member in self.members[route])
        if other in self.members:
            return any(m == route or m in self.overlaps.get(route, ()) for m in self.members[other])
        return other in self.overlaps.get(route, ())

    def parents(self, route: str) -> list[str]:
        return [broad for broad, members in self.members.items() if route in members]

    def of(self, held_out: set[str]) -> list[Prompt]:
        return [prompt for prompt in self.prompts if prompt.route in held_out]

    def is_trained(self, route: str) -> bool:
        return route not in self.dev and route not in self.test


def rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf8").split("\n")
    return [line.split("\t") for line in lines if line.strip()]


def split_turns(text: str) -> tuple[str, str]:
    """The latest user turn and what was said before. Tool results and calls keep the turn that asked for them."""
    turns = [turn.strip() for turn in text.replace("\\n", "\n").split(TURNS)]
    spoken = [turn for turn in turns if not turn.startswith(MARKS)]
    return spoken[-1], " ".join(spoken[-3:-1])


def load_tables(directory: Path) -> Tables:
    tables = Tables()
    for route, names, descriptions in rows(directory / "routes.tsv"):
        tables.wordings[route] = (names.split("|"), descriptions.split("|"))
    for route, names, descriptions, members in rows(directory / "coarse.tsv"):
        tables.wordings[route] = (names.split("|"), descriptions.split("|"))
        tables.members[route] = frozenset(members.split())
    for (group,) in rows(directory / "overlap.txt"):
        for route in group.split():
            tables.overlaps.setdefault(route, set()).update(set(group.split()) - {route})
    for path in sorted((directory / "prompts").glob("*.tsv")):
        for route, text in rows(path):
            latest, context = split_turns(text)
            tables.prompts.append(Prompt(route, latest, context, path.stem))
    for routes, text in rows(directory / "none.tsv"):
        tables.near_misses.append(NearMiss(tuple(routes.split()), split_turns(text)[0]))
    tables.dev = {route for (route,) in rows(directory / "dev_routes.txt")}
    tables.test = {route for (route,) in rows(directory / "test_routes.txt")}
    return tables
