#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Approves all of a report that can be; where there is nothing to do, nothing is. The approval holds 72 hours: so long reviewers may take.
# Usage: fleet_approve.sh CHUNKS WAVES   In: FLEET, results/, report/report.json. Out: approval/approval.json, approval, wave-N.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
mkdir -p approval
id=$(python3 -I "$here/fleet_chunks.py" --report report/report.json)
[ -n "$id" ] || exit 0
entra-config fleet approve results --fleet "$FLEET" --run "$GITHUB_RUN_ID" --report "$id" --for 72h \
  --out approval/approval.json >/dev/null
python3 -I "$here/fleet_chunks.py" --approval approval/approval.json "$1" "$2" >>"$GITHUB_OUTPUT"
