#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Plans a pull request's manifest, which is data: nothing of its checkout is run, and no link in it is followed.
# In: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_MANIFEST, ENTRA_CONFIG_BASE (main's manifest, if it is at hand), PLANS_ARTIFACT (the
# name under which plans/ is kept; plan-ENVIRONMENT). Out: plans/ENVIRONMENT.{json,md,code}.
# In the code: 3, a policy refuses; 1, an access test fails: the plan is there all the same.
set -euo pipefail
links=$(find "$ENTRA_CONFIG_MANIFEST" ! -type f ! -type d -print -quit)
# A link above the folder leads elsewhere too: then the path is not what it says.
if [ -n "$links" ] || [ "$(realpath "$ENTRA_CONFIG_MANIFEST")" != "$(realpath --no-symlinks "$ENTRA_CONFIG_MANIFEST")" ]; then
  echo "::error title=Links::The manifest's folder holds something that is neither a file nor a folder; what it leads to is not read."
  exit 1
fi
name="$ENTRA_CONFIG_ENVIRONMENT"
mkdir -p plans
code=0
entra-config plan --tests --format markdown ${ENTRA_CONFIG_BASE:+--base "$ENTRA_CONFIG_BASE"} \
  --out "plans/$name.json" >"plans/$name.md" || code=$?
# The comment says what is refused and what fails; the check fails after it is written. Where there is no plan, it is an error.
case "$code" in
  0 | 3) ;;
  1) [ -s "plans/$name.json" ] && [ -s "plans/$name.md" ] || exit 1 ;;
  *) exit "$code" ;;
esac
echo "$code" >"plans/$name.code"
# The whole plan, whatever the comment has room for: no line of it is a command to the runner, as no name in it begins one.
cat "plans/$name.md"
# GitHub drops a step's whole summary above 1 MiB.
if [ "$(wc -c <"plans/$name.md")" -lt 1000000 ]; then
  cat "plans/$name.md" >>"$GITHUB_STEP_SUMMARY"
else
  echo "The plan is too large to be shown here: it is the artifact \`${PLANS_ARTIFACT:-plan-$name}\`." >>"$GITHUB_STEP_SUMMARY"
fi
