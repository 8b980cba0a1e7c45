#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Writes the drift report in the formats that people and tools read, and the exit code that tells whether there is drift.
# In: ENTRA_CONFIG_ENVIRONMENT. Out: drift/{drift.md,drift.html,drift.json,drift.sarif,code}.
set -euo pipefail
mkdir -p drift
code=0
entra-config drift --format markdown --write drift >drift/drift.md || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 2 ] || exit "$code"
echo "$code" >drift/code
cat drift/drift.md >>"$GITHUB_STEP_SUMMARY"
