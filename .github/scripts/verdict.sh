#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Fails where a policy refuses one of the plans of a pull request, or an access test of one fails; the comment is written by then.
# Usage: verdict.sh FOLDER   (FOLDER holds ENVIRONMENT.code)
set -euo pipefail
code=0
if grep -l '^3' "$1"/*.code; then
  echo "::error title=Refused::A policy or limit refuses the plans named above; the comment says which word lifts it."
  code=1
fi
if grep -l '^1' "$1"/*.code; then
  echo "::error title=Access tests::Access tests of the environments named above fail; the comment says which, and why."
  code=1
fi
exit "$code"
