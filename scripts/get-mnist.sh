#!/usr/bin/env bash
# Downloads MNIST, the database of handwritten digits (Y. LeCun, C. Cortes, C. Burges), and checks every file.
#
#   scripts/get-mnist.sh [FOLDER]      FOLDER is data/mnist by default
#
# Files that are there and whole are left alone, so it can be run again after an interruption. MNIST_MIRROR, a URL
# that the four .gz names are appended to, takes the place of the public mirrors.
set -euo pipefail

folder=${1:-data/mnist}
mirrors=(
  https://storage.googleapis.com/cvdf-datasets/mnist
  https://ossci-datasets.s3.amazonaws.com/mnist
)
if [[ -n ${MNIST_MIRROR:-} ]]; then mirrors=("$MNIST_MIRROR"); fi

# MD5 of each uncompressed file: how it was compressed differs between mirrors.
files=(
  train-images-idx3-ubyte:6bbc9ace898e44ae57da46a324031adb
  train-labels-idx1-ubyte:a25bea736e30d166cdddb491f175f624
  t10k-images-idx3-ubyte:2646ac647ad5339dbf082846283269ea
  t10k-labels-idx1-ubyte:27ae3e4e09519cfbb04c329615203637
)

md5() {
  if command -v md5sum > /dev/null; then md5sum | cut -d ' ' -f 1; else command md5 -q; fi
}

is_whole() { # FILE.gz MD5
  [[ -f $1 && $(gzip -dc < "$1" 2> /dev/null | md5) == "$2" ]]
}

download() { # NAME MD5
  local mirror
  for mirror in "${mirrors[@]}"; do
    echo "$1 from $mirror"
    if ! curl -fL --silent --show-error --connect-timeout 20 --retry 2 -o "$partial" "${mirror%/}/$1.gz"; then
      continue
    fi
    if is_whole "$partial" "$2"; then
      mv "$partial" "$folder/$1.gz"
      return 0
    fi
    echo "  its checksum is wrong; it is not kept" >&2
  done
  echo "$1: no mirror has it. Set MNIST_MIRROR to one that does." >&2
  return 1
}

command -v curl > /dev/null || { echo "get-mnist.sh needs curl" >&2; exit 1; }
mkdir -p "$folder"
partial=$folder/.download.$$
trap 'rm -f "$partial"' EXIT

for entry in "${files[@]}"; do
  name=${entry%%:*}
  if is_whole "$folder/$name.gz" "${entry##*:}"; then
    echo "$name is there"
  else
    download "$name" "${entry##*:}"
  fi
done
echo "MNIST is in $folder"
