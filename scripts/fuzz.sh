#!/usr/bin/env bash
# Feeds damaged IDX, YAML, safetensors, model and checkpoint files, pictures and arrays to their readers, with fixed seeds, and prints a line
# for each: how many were refused and read, the slowest, the largest. Exit code 1 where one crashed, hung or grew.
#
#   scripts/fuzz.sh [INPUTS]      20000 by default for each class of tests, shared between its kinds of file
set -euo pipefail
cd "$(dirname "$0")/.."
OPTICALQAT_FUZZ=${1:-20000} dotnet test -c Release tests/OpticalQAT.Tests --filter TestCategory=Fuzz --nologo \
  --logger "console;verbosity=detailed" | grep -E "inputs in|findings|Passed|Failed|Expected|But was|Total tests|at OpticalQAT"
