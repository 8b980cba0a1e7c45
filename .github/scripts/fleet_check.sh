#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Allows a wave to start, unless too many tenants of an earlier wave failed (exit 3). In: APPROVAL (its id), WAVE, approval/, results/. Out: check.
set -euo pipefail
mkdir -p results
entra-config fleet check results --approval approval/approval.json --approval-id "$APPROVAL" --wave "$WAVE"
printf 'check=%s\n' "$(cat "results/_wave$WAVE.$APPROVAL.json")" >>"$GITHUB_OUTPUT"
