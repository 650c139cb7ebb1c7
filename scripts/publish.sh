#!/usr/bin/env bash
# Publishes OpticalQAT for machines without the .NET SDK: self-contained, for linux-x64, without a libtorch of its own
# (set OPTICALQAT_LIBTORCH there). Usage: scripts/publish.sh FOLDER
set -euo pipefail
target=$(realpath -m "${1:?usage: scripts/publish.sh FOLDER}")
cd "$(dirname "$0")/.."
publish() {
  dotnet publish "$1" -c Release -r linux-x64 --self-contained -p:TorchBackend=none -p:PublishSingleFile=false \
    -p:CreateSymbolicLinksForCopyLocalIfPossible=false -o "$target/$2"
}
publish src/OpticalQAT.Cli cli
publish tests/OpticalQAT.Benchmarks benchmarks
cp -r configs scripts "$target/"
du -sh "$target"
