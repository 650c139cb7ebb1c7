#!/usr/bin/env bash
# Shows that two builds of the program do the same: each trains the shipped examples and makes a comparison and a
# robustness study; models must have the same bytes, and summaries and results the same numbers, but for what a clock says.
#
#   scripts/same-results.sh BEFORE AFTER [--whole]
#
# BEFORE and AFTER are builds of the program (OpticalQAT.Cli.dll), AFTER usually that of this checkout. By default the
# digits are trained on 6,000 examples for three epochs and the comparison has one seed, some five minutes for both
# builds on two cores; --whole runs every example as it is shipped, about an hour.
# MNIST is looked for in OPTICALQAT_SHARED/data/mnist, ../shared/data/mnist and data/mnist; without it the digits are left out.
# OPTICALQAT_KEPT names a folder in which the results of BEFORE are kept, and found again by the next call.
#
# Exit code 0: everything is the same; 1: something is not, or a run failed; 2: the call is wrong.
set -uo pipefail
cd "$(dirname "$0")/.."
[[ $# -ge 2 && -f $1 && -f $2 && ${3:---whole} == --whole ]] || { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2; }
before=$(realpath "$1") after=$(realpath "$2") whole=${3:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
kept=${OPTICALQAT_KEPT:-$folder/before}

mnist=
for place in "${OPTICALQAT_SHARED:-/nowhere}/data/mnist" ../shared/data/mnist data/mnist; do
  [[ -d $place ]] && { mnist=$(realpath "$place"); break; }
done
few=(task.dataset.train_count=6000 task.dataset.validation_count=500 training.full_precision.epochs=1 training.quantized.epochs=2)
fewer=(task.dataset.train_count=1000 task.dataset.validation_count=200 training.full_precision.epochs=1 training.quantized.epochs=1)
one_seed=(seeds=[1] search.learning_rates=[0.03] with.task.dataset.train_count=1000 with.training.full_precision.epochs=1 with.training.quantized.epochs=1)
[[ -z $whole ]] || few=() fewer=() one_seed=()

run() { # PROGRAM RESULTS NAME ARGUMENT...
  local program=$1 results=$2 name=$3
  shift 3
  [[ -e $results/$name/done ]] && return
  rm -rf "${results:?}/$name"
  mkdir -p "$results/$name"
  echo "$name, $(basename "$results")" >&2
  dotnet "$program" "$@" > "$results/$name/log" 2>&1 || { echo "FAILED: $name" >&2; tail -n 20 "$results/$name/log" >&2; exit 1; }
  touch "$results/$name/done"
}

train() { # PROGRAM RESULTS NAME FILE OVERRIDE...
  local program=$1 results=$2 name=$3 file=$4
  shift 4
  run "$program" "$results" "$name" train "$file" "output.folder=$results/$name" "$@"
}

everything() { # PROGRAM RESULTS
  train "$1" "$2" quickstart configs/quickstart.yaml
  run "$1" "$2" robustness robustness "$2"/quickstart/*/*/ configs/robustness/quick.yaml --out "$2/robustness/study"
  run "$1" "$2" compare compare configs/compare/quickstart.yaml "folder=$2/compare" "${one_seed[@]}"
  [[ -n $mnist ]] || { echo "MNIST is not here: the digits are left out." >&2; return; }
  train "$1" "$2" mnist-4-levels configs/mnist/4-levels.yaml "task.dataset.folder=$mnist" "${few[@]}"
  train "$1" "$2" mnist-2-levels configs/mnist/2-levels.yaml "task.dataset.folder=$mnist" "${few[@]}"
  train "$1" "$2" phase-imaging-small configs/phase-imaging/small.yaml "task.dataset.folder=$mnist" "${fewer[@]}"
}

everything "$before" "$kept" || exit 1
everything "$after" "$folder/after" || exit 1
python3 - "$kept" "$folder/after" << 'PYTHON'
import json, pathlib, re, sys

CLOCK = {"id", "seconds", "images_per_second", "started", "path", "run", "folder", "directory", "peak_memory"}
before, after = map(pathlib.Path, sys.argv[1:])

def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key not in CLOCK}
    return [plain(item) for item in value] if isinstance(value, list) else value

def name(root, file):  # without the ids of runs, which say when they began
    return re.sub(r"\d{8}-\d{6}-[0-9a-f]+(-\d+)?", "ID", str(file.relative_to(root)))

def content(file):
    if file.suffix == ".jsonl":
        return [plain(json.loads(line)) for line in file.read_text().splitlines()]
    return plain(json.loads(file.read_text())) if file.suffix == ".json" else file.read_bytes()

def results(root):
    wanted = ("model.safetensors", "summary.json", "metrics.jsonl", "comparison.json", "robustness.json", "config.yaml")
    return {name(root, file): file for file in sorted(root.rglob("*")) if file.name in wanted and "checkpoints" not in file.parts}

old, new = results(before), results(after)
problems = [f"{path}: only {'before' if path in old else 'after'}" for path in sorted(old.keys() ^ new.keys())]
same = 0
for path in sorted(old.keys() & new.keys()):
    if path.endswith("config.yaml"):
        continue  # holds the folder of the run
    if content(old[path]) == content(new[path]):
        same += 1
    else:
        problems.append(f"{path}: not the same")
print("\n".join(problems + [f"{same} files the same, {len(problems)} not"]))
sys.exit(1 if problems or same == 0 else 0)
PYTHON
