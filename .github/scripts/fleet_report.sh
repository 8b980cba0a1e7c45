#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Reports on the results of a run, or on what came of an approval: the page, Markdown for a comment, and the worst code.
# In: FLEET, BASE, APPROVAL (its id; empty where plans are told). Out: report/{report.html,report.md,report.json}, code.
set -euo pipefail
mkdir -p report results
of=(--run "$GITHUB_RUN_ID")
[ ! -f "${BASE:-}" ] || of+=(--base "$BASE")
[ -z "${APPROVAL:-}" ] || of=(--approval approval/approval.json)
for form in html:html markdown:md json:json; do
  code=0
  entra-config fleet report results --fleet "$FLEET" "${of[@]}" --format "${form%:*}" >"report/report.${form#*:}" || code=$?
  # The code is the worst shard's; a report that could not be made is empty.
  [ -s "report/report.${form#*:}" ] || exit "$code"
done
cat report/report.md >>"$GITHUB_STEP_SUMMARY"
echo "code=$code" >>"$GITHUB_OUTPUT"
