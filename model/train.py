"""Trains the intent encoder: two towers that are one, with a learned level for "none" that depends on the query.

    BF16=1 python train.py --base MINILM --out OUT [--seed 0] [--steps 260] [--fraction 1] [--without near-misses,...]

MINILM is what vocabulary.py wrote, or an earlier OUT to be trained on. Writes OUT/model.safetensors and OUT/heads.json;
finish.py averages such runs, quantises and calibrates.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from calibrate import fit, judge, logits_of, report
from encoder import Encoder, Query, query_of, route_text
from phrases import ANSWERS, CONTINUATIONS
from tables import NearMiss, Prompt, load_tables
from tasks import clinc_intents, log_uniform, near_miss_tasks, own_tasks

HERE = Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path, default=HERE / "data")
parser.add_argument("--base", type=Path, required=True)
parser.add_argument("--out", type=Path, required=True)
parser.add_argument("--clinc", type=Path, help="clinc150.json: a third of the batches from the trained intents' train part")
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--steps", type=int, default=260)
parser.add_argument("--rate", type=float, default=7e-5)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--fraction", type=float, default=1.0, help="of the prompts, for a learning curve")
parser.add_argument("--without", default="", help="near-misses, hard, contexts, query-none: for an ablation")
parser.add_argument("--check-every", type=int, default=100)
options = parser.parse_args()
without = set(filter(None, options.without.split(",")))

torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
rng = random.Random(options.seed)
tables = load_tables(options.data)
ROUTES, PROMPTS_OF_ROUTE, LISTS_OF_NONE, PROMPTS_OF_LIST, EXTRA_ROUTES, DRAWS = 16, 2, 3, 3, 4, 3
FROZEN_LAYERS = 2
"""With the embeddings: words that the training never showed must stay where the lexicon put them."""

prompts = [p for p in tables.prompts if tables.is_trained(p.route)]
near_misses = [n for n in tables.near_misses if all(map(tables.is_trained, n.routes))]
if options.fraction < 1:
    prompts = random.Random(7).sample(prompts, int(len(prompts) * options.fraction))
    near_misses = random.Random(8).sample(near_misses, int(len(near_misses) * options.fraction))
by_list: dict[tuple[str, ...], list[NearMiss]] = {}
for near_miss in near_misses:
    by_list.setdefault(near_miss.routes, []).append(near_miss)
by_route: dict[str, list[Prompt]] = {}
for prompt in prompts:
    by_route.setdefault(prompt.route, []).append(prompt)
trained = [route for route in tables.wordings if tables.is_trained(route)]
parents = {route: [p for p in tables.parents(route) if tables.is_trained(p)] for route in trained}


clinc: dict[str, list[str]] = {}
if options.clinc is not None:
    intents = set(clinc_intents("train"))
    for text, intent in json.loads(options.clinc.read_text(encoding="utf8"))["train"]:
        if intent in intents:
            clinc.setdefault(intent, []).append(text)
CLINC_SHARE = 0.35


def worded_intent(intent: str) -> str:
    name = intent.replace("_", " ")
    form = rng.choice(["User asks about {}"] * 2 + ["questions about {}", "requests about {}", "{}", "help with {}", "wants {}"])
    return route_text(name, form.format(name)) if rng.random() < 0.8 else f"route: {form.format(name)}"


def worded(route: str) -> str:
    """One of many ways in which a team might write a route down."""
    names, descriptions = tables.wordings[route]
    name, description = rng.choice(names), rng.choice(descriptions)
    parts = description.split(", ")
    if len(parts) > 2 and rng.random() < 0.3:
        kept = sorted(rng.sample(range(len(parts)), rng.randint(2, len(parts))))
        description = ", ".join(parts[k] for k in kept)
    if rng.random() < 0.1:
        form = rng.choice(["Handles {}", "Use this for {}", "The user needs {}", "Queries about {}", "{} requests"])
        description = form.format(description[0].lower() + description[1:])
    draw = rng.random()
    if draw < 0.06:
        return route_text(name, f"User asks about {name.replace('_', ' ')}")
    if draw < 0.12:
        return f"route: {description}"
    if draw < 0.16:
        return f"route: {name.replace('_', ' ')}"
    return route_text(name, description)


def mistyped(text: str) -> str:
    if rng.random() > 0.04 or len(text) < 12:
        return text
    at = rng.randrange(1, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if rng.random() < 0.5 else text[:at] + text[at + 1 :]


def asked(prompt: Prompt, batch: list[Prompt]) -> tuple[Query, int | None]:
    """The query, and the place of the prompt whose subject it leaves, if it changes the subject."""
    if prompt.context or "contexts" in without:
        return query_of(prompt.text, prompt.context), None
    draw = rng.random()
    if draw < 0.1:
        left = rng.randrange(len(batch))
        return query_of(mistyped(prompt.text), f"{batch[left].text[-300:]} {rng.choice(ANSWERS)}"), left
    if draw < 0.18:
        return (rng.choice(CONTINUATIONS), f"{prompt.text[-300:]} {rng.choice(ANSWERS)}"), None
    if draw < 0.2:
        return query_of(prompt.text, rng.choice(ANSWERS)), None
    return (mistyped(prompt.text), ""), None


encoder = Encoder(options.base)
model = encoder.model
model.train()
for frozen in (model.embeddings, *model.encoder.layer[:FROZEN_LAYERS]):
    frozen.requires_grad_(False)
for module in model.modules():
    if isinstance(module, torch.nn.Dropout):
        module.p = 0.0
heads = torch.nn.ParameterDict(
    {
        "scale": torch.tensor(np.log(20.0)),
        "none": torch.zeros(384),
        "noneBias": torch.tensor(5.0),
        "route": torch.zeros(384),
        "routeBias": torch.tensor(0.0),
    }
).float()
if (options.base / "heads.json").exists():
    for name, value in json.loads((options.base / "heads.json").read_text()).items():
        heads[name].data.copy_(torch.tensor(np.log(value) if name == "scale" else value))
body = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(
    [
        {"params": body, "rate": options.rate, "weight_decay": 0.01},
        {"params": list(heads.values()), "rate": 1e-2, "weight_decay": 0.0},
    ],
    lr=options.rate,
    fused=True,
)


def nearest_routes() -> dict[str, list[str]]:
    texts = [(route_text(names[0], descriptions[0]), "") for names, descriptions in map(tables.wordings.get, by_route)]
    vectors = encoder.embed(texts)
    matrix = np.stack([vectors[text] for text in texts])
    order = np.argsort(-(matrix @ matrix.T), axis=1)
    names = list(by_route)
    return {names[k]: [names[j] for j in order[k][1:9]] for k in range(len(names))}


near = nearest_routes()
queue: list[Prompt] = []


def drawn_prompts() -> list[Prompt]:
    """Prompts of routes that lie beside each other, two of each: half of the routes come in turn."""
    global queue
    first = ROUTES if "hard" in without else ROUTES // 2
    if len(queue) < first:
        queue = rng.sample(prompts, len(prompts))
    batch, queue = queue[:first], queue[first:]
    routes = [prompt.route for prompt in batch]
    while len(routes) < ROUTES:
        routes.append(rng.choice(near[rng.choice(routes)]))
    return batch + [rng.choice(by_route[r]) for r in routes * PROMPTS_OF_ROUTE][: ROUTES * PROMPTS_OF_ROUTE - first]


def drawn_near_misses() -> list[NearMiss]:
    if "near-misses" in without or not by_list:
        return []
    weights = [len(members) ** 0.5 for members in by_list.values()]
    lists = rng.choices(list(by_list.values()), weights, k=LISTS_OF_NONE)
    return [rng.choice(members) for members in lists for _ in range(PROMPTS_OF_LIST)]


def step_loss() -> torch.Tensor:
    if clinc and rng.random() < CLINC_SHARE:
        named = rng.sample(sorted(clinc), ROUTES + 2 * EXTRA_ROUTES)
        drawn = [intent for intent in named[:ROUTES] for _ in range(PROMPTS_OF_ROUTE)]
        batch = [Prompt(intent, rng.choice(clinc[intent]), "", "clinc") for intent in drawn]
        return loss_of(batch, drawn, [], named, worded_intent, lambda route, other: route == other)
    batch = drawn_prompts()
    gold = [rng.choice(parents[p.route]) if parents[p.route] and rng.random() < 0.3 else p.route for p in batch]
    misses = drawn_near_misses()
    named = [*gold, *rng.sample(trained, EXTRA_ROUTES), *(route for miss in misses for route in miss.routes)]
    return loss_of(batch, gold, misses, named, worded, tables.may_fit)


def loss_of(
    batch: list[Prompt],
    gold: list[str],
    misses: list[NearMiss],
    named: list[str],
    wording: Callable[[str], str],
    may_fit: Callable[[str, str], bool],
) -> torch.Tensor:
    columns = list(dict.fromkeys(named))
    place = {column: k for k, column in enumerate(columns)}
    spans = [[place[route] for route in miss.routes] for miss in misses]
    queries, left = zip(*(asked(prompt, batch) for prompt in batch))
    Q = encoder.forward([*queries, *((mistyped(miss.text), "") for miss in misses)])
    R = encoder.forward([(wording(column), "") for column in columns])
    cosines = Q @ R.T
    logits = cosines * heads["scale"].exp() + R @ heads["route"] + heads["routeBias"]
    none = Q @ heads["none"] * ("query-none" not in without) + heads["noneBias"]
    count, wide = len(batch), len(columns)
    wrong = np.array([[c != g and not may_fit(p.route, c) for c in columns] for p, g in zip(batch, gold)])
    own = np.array([place[g] for g in gold])
    seen = wrong.copy()
    seen[np.arange(count), own] = True
    in_batch = F.cross_entropy((logits[:count]).masked_fill(~torch.tensor(seen), -1e4), torch.tensor(own))
    closest = np.argsort(-logits.detach().numpy(), axis=1)
    masks, targets, rows = [], [], []
    for _ in range(DRAWS):
        for k in range(count):
            is_none = rng.random() < (0.5 if left[k] is not None else 0.25)
            usable = [c for c in closest[k] if wrong[k, c]]
            size = log_uniform(rng, 2, 40) - (not is_none)
            hard = usable[:14]
            chosen = rng.sample(hard, min(len(hard), size // 2)) if "hard" not in without else []
            chosen += rng.sample(usable, min(len(usable), size - len(chosen)))
            if left[k] is not None and wrong[k, own[left[k]]] and rng.random() < 0.8:
                chosen.append(int(own[left[k]]))
            mask = np.zeros(wide, bool)
            mask[chosen] = True
            if not is_none:
                mask[own[k]] = True
            masks.append(mask)
            targets.append(wide if is_none else int(own[k]))
            rows.append(k)
        for k, span in enumerate(spans):
            mask = np.zeros(wide, bool)
            mask[rng.sample(span, rng.randint(1, len(span)))] = True
            masks.append(mask)
            targets.append(wide)
            rows.append(count + k)
    lists = torch.cat([logits[rows].masked_fill(~torch.tensor(np.array(masks)), -1e4), none[rows][:, None]], 1)
    return F.cross_entropy(lists, torch.tensor(targets)) + 0.5 * in_batch


dev = own_tasks(tables, tables.dev, 1, (2, 30), 250) + near_miss_tasks(tables, tables.dev, 1)
options.out.mkdir(parents=True, exist_ok=True)
print(f"{len(prompts)} prompts, {len(near_misses)} near misses, {len(trained)} routes; {len(dev)} dev tasks", flush=True)


def head_values() -> dict[str, object]:
    values = {name: value.detach().tolist() for name, value in heads.items()}
    values["scale"] = float(heads["scale"].detach().exp())
    return values


def check(step: int) -> None:
    judged = logits_of(dev, encoder.embed, head_values())
    constants = fit(judged)
    print(f"{step:5} {time.time() - begin:5.0f} s  dev {report(judge(judged, constants))}", flush=True)


begin = time.time()
mean: dict[str, torch.Tensor] | None = None
head_mean: dict[str, torch.Tensor] = {}
averaged = 0
running = 0.0
for step in range(1, options.steps + 1):
    share = min(1.0, step / 20) * max(0.05, 1 - step / options.steps)
    for group in optimizer.param_groups:
        group["lr"] = group["rate"] * share
    loss = step_loss()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
    optimizer.step()
    running = loss.item() if step == 1 else 0.97 * running + 0.03 * loss.item()
    if step > 0.5 * options.steps and step % 5 == 0:
        averaged += 1
        state = {**model.state_dict(), **{f"head.{n}": v for n, v in heads.items()}}
        if mean is None:
            mean = {n: v.detach().clone().float() for n, v in state.items()}
        else:
            for name, value in state.items():
                mean[name] += (value.detach().float() - mean[name]) / averaged
    if step % 10 == 0:
        print(f"      {step} {time.time() - begin:.0f} s {time.process_time():.0f} s of CPU loss {running:.3f}", flush=True)
    if step % options.check_every == 0:
        print(f"      scale {heads['scale'].exp().item():.1f} none {heads['noneBias'].item():.2f}")
        check(step)
if mean is not None:
    model.load_state_dict({n: v for n, v in mean.items() if not n.startswith("head.")}, strict=False)
    for name in heads:
        heads[name].data.copy_(mean[f"head.{name}"])
    check(options.steps + 1)
model.save_pretrained(options.out)
encoder.tokenizer.save(str(options.out / "tokenizer.json"))
(options.out / "heads.json").write_text(json.dumps(head_values()))
