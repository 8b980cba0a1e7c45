#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Lets a wave in, unless too much of an earlier one failed (exit 3). In: APPROVAL (its id), WAVE, approval/, results/. Out: gate.
set -euo pipefail
mkdir -p results
entra-config fleet gate results --approval approval/approval.json --approval-id "$APPROVAL" --wave "$WAVE"
printf 'gate=%s\n' "$(cat "results/_wave$WAVE.$APPROVAL.json")" >>"$GITHUB_OUTPUT"
