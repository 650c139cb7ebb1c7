#!/usr/bin/env bash
# Phase imaging in the published geometry: full precision with a scale that is learnt, full precision with the scale held at
# 1, from which few levels lose less, then 8, 4 and 2 levels from the latter through the multi-level sigmoid, and a table of
# the test scores. Each quantized run also says what rounding alone gives. About an hour of one core, all in all.
#
# usage: scripts/phase-imaging.sh [OUTPUT_FOLDER] [key=value ...]
#   scripts/phase-imaging.sh                                             the runs go to runs/
#   scripts/phase-imaging.sh /tmp/try task.dataset.train_count=2000      a quick look
set -euo pipefail
cd "$(dirname "$0")/.."

output=runs
case "${1:-}" in
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *=* | "") ;;
  *) output=$1; shift ;;
esac
configuration=configs/phase-imaging/published.yaml
epochs=${EPOCHS:-4}

dotnet build -c Release -v q --nologo src/OpticalQAT.Cli > /dev/null
opticalqat() { dotnet run -c Release --no-build --project src/OpticalQAT.Cli -- "$@"; }
newest() { ls -d "$output/$1"/*/ | sort | tail -1; }
field() { sed -n "/\"$2\": {/,/}/s/.*\"$3\": \([-0-9.e]*\).*/\1/p" "$1/summary.json" | head -1; }

opticalqat train "$configuration" "output.folder=$output" "$@"
full=$(newest phase-imaging-published)

held=(task.scale=1 task.learn_scale=false)
opticalqat train "$configuration" name=phase-imaging-published-held "output.folder=$output" "${held[@]}" "$@"
start=$(newest phase-imaging-published-held)

for levels in 8 4 2; do
  opticalqat train "$configuration" "name=phase-imaging-published-$levels" "output.folder=$output" "training.start_from=$start" \
    "quantizer={ kind: progressive_sigmoid, steepness: { kind: exponential, from: 2, to: 60 }, levels: { kind: cyclic, count: $levels } }" "${held[@]}" \
    training.full_precision.epochs=0 "training.quantized={ epochs: $epochs, optimizer: { kind: adam, learning_rate: 0.1 } }" "$@"
done

printf '\n%-16s %8s %12s %10s %8s %8s\n' 'test split' SSIM 'K = 1e-6' 'rounded' PSNR L1
row() {
  printf '%-16s %8.4f %12.4f %10s %8.2f %8.4f\n' "$1" "$(field "$2" "$3" ssim)" "$(field "$2" "$3" ssim_k1e_6)" "$4" "$(field "$2" "$3" psnr)" "$(field "$2" "$3" l1)"
}
row 'free space' "$full" free_space -
row 'full precision' "$full" test -
row 'scale held' "$start" test -
for levels in 8 4 2; do
  run=$(newest "phase-imaging-published-$levels")
  row "$levels levels" "$run" test "$(printf %.4f "$(field "$run" post_training ssim)")"
done
