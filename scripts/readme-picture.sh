#!/usr/bin/env bash
# Makes docs/quickstart-report.png, the README's picture, from the report of a run: the scores, the masks, and light on
# its way through them. Needs Chromium. Usage: scripts/readme-picture.sh [RUN], by default the newest quickstart run.
set -euo pipefail
cd "$(dirname "$0")/.."

run=${1:-$(find runs/quickstart -mindepth 2 -maxdepth 2 -name summary.json -printf '%h\n' 2>/dev/null | sort | tail -1)}
[ -n "$run" ] && [ -f "$run/report.html" ] || { echo "There is no report to take a picture of; train configs/quickstart.yaml first, or name a run." >&2; exit 2; }
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "Chromium is needed, for example: apt-get install chromium" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What a picture has room for, without the prose around it.
style='<style>
  main { padding: 1.5rem 2rem 2rem; max-width: none; } .id, dl.setup, .verdicts, #curves, #confusion, #mistakes, #configuration, #environment, footer { display: none; }
  section .lead, .sample:nth-of-type(n+2) { display: none; } h2 { margin-top: 1.25rem; } .headline { margin-bottom: 0; } .sample { margin-bottom: 1rem; }
  .masks { grid-template-columns: repeat(4, 1fr); }
</style></head>'
awk -v style="$style" '{ sub(/<\/head>/, style); print }' "$run/report.html" > "$work/page.html"
mkdir -p docs
"$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
  --disable-sync --user-data-dir="$work/profile" --hide-scrollbars --window-size=1040,1150 --screenshot="$PWD/docs/quickstart-report.png" \
  "file://$work/page.html" 2>/dev/null
echo "docs/quickstart-report.png, $(stat -c %s docs/quickstart-report.png) bytes, from $run"
