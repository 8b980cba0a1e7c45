#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Plans what is over by its `until`, and nothing else: summary for the reviewers, digest and number of steps for the job that applies.
# In: ENTRA_CONFIG_ENVIRONMENT. A plan that a limit refuses (exit 3) stops here: a plain apply with its review is the way then.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
code=0
entra-config plan --expired --format markdown --detailed-exitcode --out plan.json >plan.md || code=$?
[ ! -s plan.md ] || cat plan.md >>"$GITHUB_STEP_SUMMARY"
case "$code" in
  0 | 2) ;;
  *) exit "$code" ;;
esac
python3 -I "$here/counts.py" plan.json >>"$GITHUB_OUTPUT"
