#!/usr/bin/env bash
# Tells how what an apply created gets into the lock file, where no job of the pipeline proposes it.
# In: ENVIRONMENT, pins/pins.json. Out: the job's summary, where anything was created.
set -euo pipefail
grep -q '"appId"' pins/pins.json 2>/dev/null || exit 0
{
  echo "Applications were created. Pin them: take \`pins.json\` out of the artifact \`pins-$ENVIRONMENT\`, then"
  printf '\n```console\nentra-config lock -e %s --pins pins.json\n```\n' "$ENVIRONMENT"
} >>"$GITHUB_STEP_SUMMARY"
