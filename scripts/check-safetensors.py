#!/usr/bin/env python3
"""Checks a safetensors file against the format's rules and prints what is in it.

Usage: check-safetensors.py FILE

Needs nothing but Python 3. Exit code 0: the file is valid; 1: it breaks a rule, which is named; 2: wrong usage.
The rules: github.com/huggingface/safetensors, section "Format".
"""
import json
import struct
import sys

SIZES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2,
    "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8, "C64": 8,
}
LARGEST_HEADER = 100_000_000


class Violation(Exception):
    pass


def require(condition, message):
    if not condition:
        raise Violation(message)


def unique(pairs):
    names = [name for name, _ in pairs]
    for name in names:
        require(names.count(name) == 1, f"the name {name!r} stands twice in the header")
    return dict(pairs)


def is_size(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check_tensor(name, info):
    require(isinstance(info, dict), f"{name}: not an object")
    require(set(info) == {"dtype", "shape", "data_offsets"}, f"{name}: has the members {sorted(info)}")
    require(info["dtype"] in SIZES, f"{name}: unknown dtype {info['dtype']!r}")
    for member in ("shape", "data_offsets"):
        require(isinstance(info[member], list) and all(map(is_size, info[member])), f"{name}: {member} is no list of sizes")
    require(len(info["data_offsets"]) == 2, f"{name}: data_offsets are not two")
    begin, end = info["data_offsets"]
    size = SIZES[info["dtype"]]
    for length in info["shape"]:
        size *= length
    require(end - begin == size, f"{name}: {end - begin} bytes, but dtype and shape ask for {size}")
    return begin, end, name


def check(content):
    require(len(content) >= 8, "shorter than 8 bytes")
    (length,) = struct.unpack("<Q", content[:8])
    require(length <= LARGEST_HEADER, f"a header of {length} bytes, more than {LARGEST_HEADER}")
    require(8 + length <= len(content), f"a header of {length} bytes in a file of {len(content)}")
    text = content[8:8 + length]
    require(text.startswith(b"{"), "the header does not begin with '{'")
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=unique)
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are both ValueErrors
        raise Violation(f"the header is no JSON in UTF-8: {error}") from error
    metadata = header.pop("__metadata__", {})
    require(isinstance(metadata, dict), "__metadata__ is no object")
    require(all(isinstance(value, str) for value in metadata.values()), "__metadata__ holds more than texts")

    position = 0
    for begin, end, name in sorted(check_tensor(name, info) for name, info in header.items()):
        require(begin == position, f"{name}: begins at {begin}, expected {position}")
        position = end
    data = len(content) - 8 - length
    require(position == data, f"the tensors end at {position}, the data at {data}")
    return header, metadata


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[0], "rb") as file:
            header, metadata = check(file.read())
    except (Violation, OSError) as problem:
        print(f"{arguments[0]}: {problem}", file=sys.stderr)
        return 1
    for name, info in sorted(header.items()):
        print(f"{name}\t{info['dtype']}\t{info['shape']}")
    for key, value in sorted(metadata.items()):
        print(f"{key} = {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
