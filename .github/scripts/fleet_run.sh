#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Does one thing in the shards of a chunk, each signed in to its own tenant by this job's token, which is asked for anew every two minutes.
# Usage: fleet_run.sh plan|drift|apply CHUNKS   In: FLEET, BASE, CHUNK; to apply WAVE, APPROVAL (its id) and CHECK (what fleet_check.sh
# wrote); approval/approval.json is the only file that is taken. Out: results/.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
mkdir -p results "$RUNNER_TEMP/next"
base=()
[ ! -f "${BASE:-}" ] || base=(--base "$BASE")
approval=()
if [ "$1" = apply ]; then
  printf '%s\n' "$CHECK" >"results/_wave$WAVE.$APPROVAL.json"
  approval=(--approval approval/approval.json --approval-id "$APPROVAL")
  python3 -I "$here/fleet_chunks.py" --shards approval/approval.json "$WAVE" "$2" "$CHUNK" >shards
else
  entra-config fleet list --fleet "$FLEET" "${base[@]}" --chunks "$2" --chunk "$CHUNK" --names >shards
fi
mapfile -t shards <shards

# The tenants and the client are the fleet's; GitHub's token lives for minutes, and a chunk may take hours.
sign_in() {
  TENANT_ID=fleet CLIENT_ID=fleet RUNNER_TEMP="$RUNNER_TEMP/next" GITHUB_ENV=/dev/null bash "$here/../actions/sign-in/sign_in.sh"
  mv "$RUNNER_TEMP/next/entra-federated-token" "$RUNNER_TEMP/entra-federated-token"
}
sign_in
(while sleep 120; do sign_in || true; done) >/dev/null 2>&1 &
again=$!
trap 'kill "$again"' EXIT
export AZURE_FEDERATED_TOKEN_FILE="$RUNNER_TEMP/entra-federated-token"
entra-config fleet run "${shards[@]}" --fleet "$FLEET" --do "$1" --results results \
  --run "$GITHUB_RUN_ID" "${approval[@]}" "${base[@]}"
