#!/usr/bin/env bash
# Shows that a run survives being killed: a small run is killed at random moments, by SIGKILL and SIGTERM in turn, and
# resumed each time, until it has been killed often enough; whenever it comes to its end, its model must have the bytes
# of a run that nobody disturbed, and its metrics must hold every epoch once.
#
#   scripts/kill-and-resume.sh [KILLS [SEED]]      50 kills and seed 1 by default; some minutes
#
# OPTICALQAT_PROGRAM names another build of the program than the one of this checkout, which is made if there is none.
#
# Exit code 0: every run that ended was equal to the undisturbed one; 1: one was not, or a process ended as it should not.
set -uo pipefail
cd "$(dirname "$0")/.."
kills=${1:-50} RANDOM=${2:-1}
program=${OPTICALQAT_PROGRAM:-src/OpticalQAT.Cli/bin/Release/net10.0/OpticalQAT.Cli.dll}
folder=$(mktemp -d)
trap '[[ -z ${process:-} ]] || kill -KILL "$process" 2> /dev/null; rm -rf "$folder"' EXIT

[[ -f $program ]] || dotnet build -c Release --nologo -v quiet src/OpticalQAT.Cli || exit 1

train() { # in the background, its process in $process
  dotnet "$program" train "$@" > "$folder/log" 2>&1 &
  process=$!
}

new_run() { # FOLDER
  train "$folder/small.yaml" name=small output.folder="$1" output.checkpoint_minutes=0.002 \
    optics.grid.size=32 model.layers=2 task.encoding.size=24mm quantizer.kind=progressive_sigmoid training.batch_size=16 \
    task.dataset.train_count=800 task.dataset.validation_count=50 task.dataset.test_count=50 \
    training.full_precision.epochs=6 training.quantized.epochs=6
}

fail() {
  echo "FAILED: $*" >&2
  cat "$folder/log" >&2
  exit 1
}

compare() { # RUN: with the undisturbed one
  cmp "$reference/model.safetensors" "$1/model.safetensors" || fail "$1: another model than that of the undisturbed run"
  python3 - "$reference" "$1" << 'PYTHON' || fail "$1: other metrics than those of the undisturbed run"
import json, pathlib, sys

def epochs(run):  # without what a clock or the memory says
    lines = map(json.loads, (pathlib.Path(run) / "metrics.jsonl").read_text().splitlines())
    return [{key: value for key, value in line.items() if key not in ("seconds", "images_per_second", "peak_memory")} for line in lines]

def results(run):
    summary = json.loads((pathlib.Path(run) / "summary.json").read_text())
    return [summary[key] for key in ("steps", "test", "validation", "full_precision", "post_training")]

sys.exit(0 if epochs(sys.argv[1]) == epochs(sys.argv[2]) and results(sys.argv[1]) == results(sys.argv[2]) else 1)
PYTHON
  leftovers=$(find "$1" -name '*.tmp' -o -name '*.damaged')
  [[ -z $leftovers ]] || fail "left behind: $leftovers"
}

cp configs/quickstart.yaml "$folder/small.yaml"
start=$(date +%s%N)
new_run "$folder/undisturbed"
wait "$process" || fail "the undisturbed run ended with exit code $?"
duration=$((($(date +%s%N) - start) / 1000000)) # milliseconds
reference=$(echo "$folder"/undisturbed/small/*)

killed=0 terminated=0 resumed=0 finished=0
while true; do
  unfinished=
  for run in "$folder"/runs/small/*/; do
    if [[ -f $run/config.yaml && ! -f $run/summary.json ]]; then unfinished=$run; fi
  done
  if [[ -n $unfinished ]]; then
    train --resume "$unfinished"
    resumed=$((resumed + 1))
  else
    new_run "$folder/runs"
  fi
  if ((killed + terminated < kills)); then
    moment=$((RANDOM * duration / 32768))
    sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
    if (((killed + terminated) % 2 == 0)); then
      if kill -KILL "$process" 2> /dev/null; then killed=$((killed + 1)); fi
    elif kill -TERM "$process" 2> /dev/null; then
      terminated=$((terminated + 1))
    fi
  fi
  wait "$process" 2> /dev/null
  code=$?
  process=
  case $code in
    0)
      run=$(ls -d "$folder"/runs/small/* | tail -n 1)
      compare "$run"
      finished=$((finished + 1))
      if ((killed + terminated >= kills)); then break; fi
      ;;
    137 | 143) ;;
    *) fail "exit code $code" ;;
  esac
done
echo "killed $killed times by SIGKILL and $terminated times by SIGTERM, resumed $resumed times; $finished runs came to their end, each with the bytes of the undisturbed one ($(sha256sum "$reference/model.safetensors" | cut -c 1-16)…), in $((($(date +%s%N) - start) / 1000000000)) s"
