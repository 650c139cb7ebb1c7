#!/usr/bin/env bash
# Packs the libraries and the tool, and checks that what is in the packages is what should be published: their metadata, their
# size, no libtorch, no debug files and no native libraries of others or of other platforms.
# Usage: scripts/check-package.sh [--quick] [FOLDER]
#   FOLDER   where the packages go; by default a temporary folder
#   --quick  only the tool of this machine's platform, not compiled ahead of time: seconds instead of minutes
set -euo pipefail
quick=
if [ "${1-}" = --quick ]; then
  quick=1
  shift
fi
feed=${1-}
if [ -z "$feed" ]; then
  feed=$(mktemp -d)
  trap 'rm -rf "$feed"' EXIT
fi
feed=$(realpath -m "$feed")
cd "$(dirname "$0")/.."

options=()
if [ -n "$quick" ]; then
  case "$(uname -s)" in
    Darwin) options=(-p:ToolPackageRuntimeIdentifiers=osx-arm64 -p:PublishReadyToRun=false) ;;
    *) options=(-p:ToolPackageRuntimeIdentifiers=linux-x64 -p:PublishReadyToRun=false) ;;
  esac
fi
log=$(mktemp)
for project in src/OpticalQAT.Kernels src/OpticalQAT src/OpticalQAT.Cli; do
  dotnet pack "$project" -c Release -o "$feed" --nologo "${options[@]}" > "$log" 2>&1 || { cat "$log" >&2; exit 1; }
done
rm -f "$log"

python3 - "$feed" "$quick" "$(git config --get remote.origin.url 2> /dev/null || true)" <<'PYTHON'
import glob, os, re, sys, zipfile
import xml.etree.ElementTree as xml

feed, quick, remote = sys.argv[1:]
faults = []
versions = set()
names = {"linux-x64": ("lib{}.so", ".so"), "win-x64": ("{}.dll", None), "osx-arm64": ("lib{}.dylib", ".dylib")}


def check(holds, fault):
    if not holds:
        faults.append(fault)


def metadata(package):
    name = os.path.basename(package)
    archive = zipfile.ZipFile(package)
    files = archive.namelist()
    nuspec = xml.fromstring(archive.read(next(file for file in files if file.endswith(".nuspec"))))
    fields = {element.tag.split("}")[1]: element for element in nuspec[0]}
    text = lambda field: (fields[field].text or "") if field in fields else ""
    for field in ("id", "version", "authors", "license", "icon", "readme", "description", "tags"):
        check(text(field), f"{name}: no {field}")
    check(text("description") != "Package Description", f"{name}: the description is the default one")
    for field in ("icon", "readme"):
        check(text(field) in files, f"{name}: {text(field)} is not in it")
    url = fields["repository"].get("url") if "repository" in fields else None
    check(url or "github.com" not in remote, f"{name}: no address of the repository, though there is a remote")
    check(not url or re.match("https?://[^@]*$", url), f"{name}: the repository's address is {url}")
    versions.add(text("version"))
    torch = [file for file in files if re.match(r"(lib)?(torch|c10|gomp|iomp)[\w-]*\.(so|dll|dylib)", os.path.basename(file))]
    check(not torch, f"{name}: brings libtorch: {torch}")
    strangers = [file for file in files if file.endswith(".pdb") and not os.path.basename(file).startswith("OpticalQAT")]
    check(not strangers, f"{name}: debug files of others: {strangers}")
    return name, archive, files, fields


for package in sorted(glob.glob(f"{feed}/*.nupkg")):
    name, archive, files, fields = metadata(package)
    size = os.path.getsize(package)
    print(f"{size / 1e6:6.2f} MB  {name}")
    platform = next((p for p in names if name.startswith(f"OpticalQAT.Tool.{p}.")), None)
    if platform:
        check(size < 20e6, f"{name}: {size / 1e6:.1f} MB, more than 20")
        pattern, ending = names[platform]
        inside = {os.path.basename(file) for file in files}
        wanted = {pattern.format("LibTorchSharp"), "libSkiaSharp" + (ending or ".dll")}
        check(wanted <= inside, f"{name}: {wanted - inside} are missing")
        native = {file for file in inside if re.search(r"\.(so|dylib)(\.|$)", file)}
        check(native <= wanted, f"{name}: native libraries of other platforms: {native - wanted}")
        check("OpticalQAT.Kernels.dll" in inside, f"{name}: no OpticalQAT.Kernels.dll")
        check("OpticalQAT.xml" in inside, f"{name}: no OpticalQAT.xml, from which 'kinds' takes its texts")
    elif name.startswith("OpticalQAT.Tool."):
        settings = archive.read("tools/any/any/DotnetToolSettings.xml").decode()
        for listed in re.findall(r'RuntimeIdentifierPackage .*Id="([^"]+)"', settings):
            check(glob.glob(f"{feed}/{listed}.*.nupkg"), f"{name}: points at {listed}, which is not there")
    else:
        library = fields["id"].text
        check([f for f in files if f.startswith("lib/")] == [f"lib/net10.0/{library}.dll", f"lib/net10.0/{library}.xml"], f"{name}: {files}")
        asked = {element.get("id"): element.get("version") for element in fields["dependencies"].iter() if element.get("id")}
        if library == "OpticalQAT":
            check("TorchSharp" in asked and not [id for id in asked if id.lower().startswith("libtorch")], f"{name}: depends on {asked}")
            check(asked.get("OpticalQAT.Kernels") == fields["version"].text, f"{name}: depends on {asked}")
        else:
            check(library == "OpticalQAT.Kernels" and not asked, f"{name}: depends on {asked}")
        symbols = zipfile.ZipFile(package[:-len("nupkg")] + "snupkg").namelist()
        check(f"lib/net10.0/{library}.pdb" in symbols, f"{name}: no symbols")

expected = 4 if quick else 6
check(len(glob.glob(f"{feed}/*.nupkg")) == expected, f"{expected} packages expected, in a folder of their own")
check(len(versions) == 1, f"versions differ: {versions}")
for fault in faults:
    print(fault, file=sys.stderr)
sys.exit(1 if faults else 0)
PYTHON
