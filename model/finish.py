"""Makes what is shipped of trained runs: the mean of their weights, quantised to 8 bits, and its calibration.

    python finish.py --out DIR --public PUBLIC RUN [RUN ...]
    python finish.py --out DIR --mean RUN [RUN ...]     only the mean, to be trained on

Writes DIR/model.int8.onnx, DIR/tokenizer.json and DIR/calibration.json. The calibration is fitted with the quantised
weights on the routes held out for dev, and on 25 intents of CLINC150 in PUBLIC/clinc150.json that no run saw.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from transformers import BertModel

from calibrate import fit, judge, logits_of, report
from onnx_encoder import OnnxEncoder
from tables import load_tables
from tasks import near_miss_tasks, own_tasks, public_tasks

HERE = Path(__file__).parent
LONGEST_LEAD = 8
CONFIDENCE = 0.8
"""What is decided without Arch-Router; model/README.md has the curve."""


class Pooled(torch.nn.Module):
    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor):
        output = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        weights = attention_mask[..., None].float()
        return (output.last_hidden_state * weights).sum(1) / weights.sum(1)


def mean_model(runs: list[Path]) -> BertModel:
    states = [load_file(run / "model.safetensors") for run in runs]
    model = BertModel.from_pretrained(runs[0], add_pooling_layer=False, attn_implementation="eager")
    mean = {n: torch.stack([s[n].float() for s in states]).mean(0) for n in states[0] if states[0][n].is_floating_point()}
    model.load_state_dict(mean, strict=False)
    return model.eval()


def mean_heads(runs: list[Path]) -> dict:
    heads = [json.loads((run / "heads.json").read_text()) for run in runs]
    return {name: np.mean([np.array(h[name]) for h in heads], axis=0).tolist() for name in heads[0]}


def export(model: BertModel, out: Path) -> None:
    names = ["input_ids", "attention_mask", "token_type_ids"]
    sample = (torch.tensor([[101, 2054, 102]]), torch.ones(1, 3, dtype=torch.long), torch.zeros(1, 3, dtype=torch.long))
    axes = {name: {0: "rows", 1: "tokens"} for name in names}
    with tempfile.TemporaryDirectory() as scratch, torch.no_grad():
        whole = Path(scratch) / "model.onnx"
        torch.onnx.export(
            Pooled(model), sample, str(whole), input_names=names, output_names=["v"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )
        quantize_dynamic(whole, out / "model.int8.onnx", weight_type=QuantType.QInt8, per_channel=True)


def rounded(values: list[float]) -> list[float]:
    return [round(value, 4) for value in values]


def calibration(heads: dict, constants: dict) -> dict:
    ahead, lead, log_routes, bias = constants["none"]
    return {
        "scale": round(heads["scale"], 4),
        "noneLevel": {"weights": rounded(heads["none"]), "bias": round(heads["noneBias"], 4)},
        "routeLevel": {"weights": rounded(heads["route"]), "bias": round(heads["routeBias"], 4)},
        "none": {
            "ahead": round(ahead, 4),
            "lead": round(lead, 4),
            "longestLead": LONGEST_LEAD,
            "logRoutes": round(log_routes, 4),
            "bias": round(bias, 4),
        },
        "sharpness": round(constants["sharpness"], 4),
        "confidence": CONFIDENCE,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--mean", action="store_true")
    parser.add_argument("runs", type=Path, nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = json.loads((options.runs[0] / "tokenizer.json").read_text(encoding="utf8"))
    compact = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (options.out / "tokenizer.json").write_text(compact, encoding="utf8")
    heads = mean_heads(options.runs)
    if options.mean:
        mean_model(options.runs).save_pretrained(options.out)
        (options.out / "heads.json").write_text(json.dumps(heads))
        return
    export(mean_model(options.runs), options.out)
    tables = load_tables(options.data)
    dev = own_tasks(tables, tables.dev, 1, (1, 30), 1000) + near_miss_tasks(tables, tables.dev, 1)
    if options.public is not None:
        dev += public_tasks(options.public, "clinc-dev", 1, 600)
    judged = logits_of(dev, OnnxEncoder(options.out).embed, heads)
    constants = fit(judged)
    print("dev", report(judge(judged, constants)))
    content = calibration(heads, constants)
    (options.out / "calibration.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
    sizes = {path.name: path.stat().st_size for path in sorted(options.out.iterdir())}
    print(sizes, sum(sizes.values()))


if __name__ == "__main__":
    main()
