#!/usr/bin/env bash
# Plans what reached main: summary for the reviewers, digest and "is there anything to do" for the job that applies.
# In: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_ALLOW, GITHUB_TOKEN. A plan that a policy refuses (exit 3) stops here.
set -euo pipefail
code=0
entra-config plan --format markdown --detailed-exitcode --out plan.json >plan.md || code=$?
{
  [ ! -s plan.json ] || python3 .github/scripts/reviewed.py "$ENTRA_CONFIG_ENVIRONMENT" plan.json
  [ -z "${ENTRA_CONFIG_ALLOW:-}" ] || printf '> Limits lifted by hand: `%s`\n' "${ENTRA_CONFIG_ALLOW//[^a-z ]/}"
  printf '\n'
  cat plan.md
} >>"$GITHUB_STEP_SUMMARY"
case "$code" in
  0) changes=false ;;
  2) changes=true ;;
  *) exit "$code" ;;
esac
{
  echo "changes=$changes"
  echo "digest=$(python3 -c 'import json; print(json.load(open("plan.json"))["digest"])')"
} >>"$GITHUB_OUTPUT"
