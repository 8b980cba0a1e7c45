#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Applies the plan whose digest the job before it wrote, and writes the settings that the applications read.
# In: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_ALLOW, DIGEST, KEEP_SNAPSHOTS (empty: none are kept).
# Out: applied/{journal.jsonl,settings}, pins/pins.json, snapshots/{before,after}.json.
set -euo pipefail
mkdir -p applied pins
code=0
entra-config apply --digest "$DIGEST" --journal applied/journal.jsonl --pins pins/pins.json \
  ${KEEP_SNAPSHOTS:+--snapshots snapshots} || code=$?
# 3: everything is done except what the plan withholds or skips.
case "$code" in
  0 | 3) entra-config settings --values --output applied/settings ;;
esac
exit "$code"
