"""Validates the tables in data/ and prints what they hold. python check_data.py; fails at the first mistake."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tables import MARKS, load_tables, rows

DATA = Path(__file__).parent / "data"


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise SystemExit(f"data: {what}")


tables = load_tables(DATA)
fine = {route for route in tables.wordings if route not in tables.members}
for route, (names, descriptions) in tables.wordings.items():
    expect(all(names) and all(descriptions), f"{route}: an empty name or description")
    expect(len(set(descriptions)) == len(descriptions), f"{route}: a description twice")
for broad, members in tables.members.items():
    expect(members <= fine, f"{broad}: unknown members {sorted(members - fine)}")
for route, others in tables.overlaps.items():
    expect({route, *others} <= set(tables.wordings), f"overlap.txt: unknown routes around {route}")
for prompt in tables.prompts:
    expect(prompt.route in tables.wordings, f"{prompt.source}: unknown route {prompt.route}")
    expect(prompt.text != "", f"{prompt.source}: an empty prompt of {prompt.route}")
    expect(not prompt.text.startswith(MARKS), f"{prompt.source}: nothing that the user said: {prompt.text[:60]}")
for near_miss in tables.near_misses:
    expect(set(near_miss.routes) <= set(tables.wordings), f"none.tsv: unknown routes in {near_miss.routes}")
expect(tables.dev | tables.test <= set(tables.wordings), "unknown routes in dev_routes.txt or test_routes.txt")
expect(not tables.dev & tables.test, "a route both in dev_routes.txt and test_routes.txt")
lines = Counter(tuple(row) for path in (DATA / "prompts").glob("*.tsv") for row in rows(path))
again = [line for line, count in lines.items() if count > 1]
expect(not again, f"the same prompt twice: {again[:3]}")

per_route = Counter(prompt.route for prompt in tables.prompts)
print(f"{len(fine)} routes, {len(tables.members)} broad routes over them")
print(f"{sum(len(d) for _, d in tables.wordings.values())} descriptions")
print(f"{len(tables.prompts)} prompts, {sum(p.context != '' for p in tables.prompts)} with turns before them")
print(f"{len(tables.near_misses)} prompts with lists in which nothing fits")
for name, held_out in (("dev", tables.dev), ("test", tables.test)):
    print(f"held out for {name}: {len(held_out)} routes, {len(tables.of(held_out))} prompts")
print(f"prompts per route: {min(per_route[r] for r in fine)} to {max(per_route.values())}")
for source, count in sorted(Counter(p.source for p in tables.prompts).items()):
    print(f"  {source:18} {count:5}")
lexicon = DATA / "lexicon.tsv"
if lexicon.exists():
    words = sum(len(cell.split("|")) for row in rows(lexicon)[1:] for cell in row[1:] if cell)
    print(f"{len(rows(lexicon)) - 1} meanings in the lexicon, {words} words")
