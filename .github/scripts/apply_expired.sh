#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Takes away what is over by its `until`, if the plan is the one whose digest the job before it wrote; no limit is lifted.
# In: ENTRA_CONFIG_ENVIRONMENT, DIGEST, KEEP_SNAPSHOTS (empty: none are kept).
# Out: applied/journal.jsonl, snapshots/{before,after}.json.
set -euo pipefail
mkdir -p applied
entra-config apply --expired --digest "$DIGEST" --journal applied/journal.jsonl --pins skip \
  ${KEEP_SNAPSHOTS:+--snapshots snapshots}
