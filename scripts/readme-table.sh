#!/usr/bin/env bash
# Makes the README's table anew, in Markdown: each level count by its own recipe, three seeds, all 60,000 digits.
#   scripts/readme-table.sh [FOLDER_WITH_MNIST [key=value …]]
# It takes the better part of an hour on two cores, and goes on where it was when it is interrupted and called again. What
# is finished is not trained again, in seconds the table is printed anew: give the same FOLDER_WITH_MNIST, as it was written
# then (cells are known by it), and folder=… where the comparison was not made in runs/.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:-data/mnist}
dotnet run -c Release --project src/OpticalQAT.Cli -- compare configs/compare/mnist-recipes.yaml "with.task.dataset={ kind: mnist, folder: $data }" "${@:2}" --markdown
