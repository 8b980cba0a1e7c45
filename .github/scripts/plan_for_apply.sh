#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Plans what reached main: summary for the reviewers, digest and number of steps for the job that applies.
# In: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_ALLOW, GITHUB_TOKEN. A plan that a policy refuses (exit 3) stops here, and so does a
# manifest whose access tests fail (exit 1).
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
code=0
entra-config plan --tests --format markdown --detailed-exitcode --out plan.json >plan.md || code=$?
{
  [ ! -s plan.json ] || python3 -I "$here/reviewed.py" "$ENTRA_CONFIG_ENVIRONMENT" plan.json
  [ -z "${ENTRA_CONFIG_ALLOW:-}" ] || printf '> Limits lifted by hand: `%s`\n' "${ENTRA_CONFIG_ALLOW//[^a-z ]/}"
  printf '\n'
  cat plan.md
} >>"$GITHUB_STEP_SUMMARY"
# 2: there is something to do, or something is withheld; only the first needs a writer.
case "$code" in
  0 | 2) ;;
  *) exit "$code" ;;
esac
python3 -I "$here/counts.py" plan.json >>"$GITHUB_OUTPUT"
