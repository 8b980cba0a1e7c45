#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Lists the shards of a fleet that are planned: all, or those that are not as in BASE. A pull request's files are data.
# Usage: fleet_list.sh CHUNKS WAVES   In: FLEET and BASE (a fleet's file below the workspace). Out: main (the commit of the tool), chunks.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
folder=$(dirname "$FLEET")
links=$(find "$folder" -name .git -prune -o ! -type f ! -type d -print -quit)
# A link above the folder leads elsewhere too: then the path is not what it says.
if [ -n "$links" ] || [ "$(realpath "$FLEET")" != "$(realpath --no-symlinks "$FLEET")" ]; then
  echo "::error title=Links::The fleet's folder holds something that is neither a file nor a folder; what it leads to is not read."
  exit 1
fi
base=()
[ ! -f "${BASE:-}" ] || base=(--base "$BASE")
entra-config fleet list --fleet "$FLEET" "${base[@]}" --chunks "$1" --json >list.json
printf 'main=%s\n' "$(git -C main rev-parse HEAD)" >>"$GITHUB_OUTPUT"
python3 -I "$here/fleet_chunks.py" list.json "$2" >>"$GITHUB_OUTPUT"
