#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Writes what ends within 30 days and no rotation replaces, and whether a rotation has anything to do. Asks no sink.
# In: ENTRA_CONFIG_ENVIRONMENT. Out: credentials/{credentials.md,credentials.json,code}; `due=true` where something is to be rotated.
set -euo pipefail
mkdir -p credentials
entra-config credentials --format json >credentials/credentials.json
code=0
entra-config credentials --ending 30 --format markdown >credentials/credentials.md || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 2 ] || exit "$code"
echo "$code" >credentials/code
cat credentials/credentials.md >>"$GITHUB_STEP_SUMMARY"
due=$(python3 -I -c 'import json, sys; print(str(any(each["due"] for each in json.load(sys.stdin)["credentials"])).lower())' <credentials/credentials.json)
echo "due=$due" >>"$GITHUB_OUTPUT"
