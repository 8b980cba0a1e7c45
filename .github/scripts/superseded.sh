#!/usr/bin/env bash
# Stops a run whose commit is no longer the head of its branch: the newer run applies the newer manifest.
# In: GITHUB_SHA, GITHUB_REF_NAME. Fails with the head that superseded it.
set -euo pipefail
head=$(git ls-remote --exit-code origin "refs/heads/$GITHUB_REF_NAME" | cut -f1)
if [ "$head" != "$GITHUB_SHA" ]; then
  echo "::error title=Superseded::This run is for $GITHUB_SHA, but the branch is at $head. The newer run applies; nothing was changed."
  exit 1
fi
