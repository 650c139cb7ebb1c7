#!/usr/bin/env bash
# Checks OpticalQAT on this machine's GPU in one call: what the machine offers, the stack of masks against double
# precision on the CPU, throughput beside the published algorithm, and a short training run on the device.
#
#   scripts/gpu-check.sh                          with the .NET SDK, from a checkout
#   OPTICALQAT_BIN=FOLDER scripts/gpu-check.sh    without: FOLDER holds what scripts/publish.sh made
#
# libtorch: OPTICALQAT_LIBTORCH names the lib folder of a libtorch with CUDA. Where it is not set, the PyTorch of this
# machine's Python is taken. DEVICE chooses the device (default cuda).
set -euo pipefail
cd "$(dirname "$0")/.."
device=${DEVICE:-cuda}

if [ -z "${OPTICALQAT_LIBTORCH:-}" ] && command -v python3 >/dev/null; then
  found=$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null || true)
  if [ -n "$found" ]; then
    export OPTICALQAT_LIBTORCH=$found
    echo "libtorch: that of Python's PyTorch, $found"
  fi
fi

if [ -n "${OPTICALQAT_BIN:-}" ]; then
  cli=("$OPTICALQAT_BIN/cli/OpticalQAT.Cli")
  benchmarks=("$OPTICALQAT_BIN/benchmarks/OpticalQAT.Benchmarks")
else
  dotnet build -c Release >/dev/null
  cli=(dotnet src/OpticalQAT.Cli/bin/Release/net10.0/OpticalQAT.Cli.dll)
  benchmarks=(dotnet tests/OpticalQAT.Benchmarks/bin/Release/net10.0/OpticalQAT.Benchmarks.dll)
fi

echo "== the machine"
"${cli[@]}" doctor
command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv

echo "== correctness and throughput on $device"
"${benchmarks[@]}" device "$device"

echo "== a short training run on $device"
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT
"${cli[@]}" train configs/quickstart.yaml device="$device" output.folder="$runs" --json

if [ -z "${OPTICALQAT_BIN:-}" ] && [ "$device" != cpu ]; then
  echo "== the tests that need CUDA"
  dotnet test -c Release --no-build --filter "Category=Cuda"
fi
