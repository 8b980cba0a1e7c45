#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Installs entra-config and what it needs, at the versions and hashes of the lock files, outside of every checkout.
# In: FOLDER (below the workspace) or SOURCE (a path), LOCK (a file of its locks), RUNNER_TEMP as the working directory. Out:
# `entra-config` on the path of the later steps. Where lock files stand beside this script, all of it comes from the index; else
# entra-config is the folder's own.
set -euo pipefail
source="${SOURCE:-$GITHUB_WORKSPACE/${FOLDER-}}"
locks="$GITHUB_ACTION_PATH"
lock="${LOCK:-requirements.lock}"
# -I: nothing of the folder, of the working directory or of a home is imported beside what the lock files pin.
python -I -m venv entra-config
pip() { entra-config/bin/python -I -m pip install --quiet "$@"; }
if [ -f "$locks/entra-config.lock" ]; then
  pip --require-hashes --only-binary :all: -r "$locks/$lock" -r "$locks/entra-config.lock"
else
  pip --require-hashes -r "$source/$lock"
  pip --require-hashes -r "$source/requirements-build.lock"
  pip --no-deps --no-build-isolation "$source"
fi
mkdir -p bin
printf '#!/bin/sh\nexec "%s/bin/python" -I "%s/bin/entra-config" "$@"\n' "$PWD/entra-config" "$PWD/entra-config" >bin/entra-config
chmod +x bin/entra-config
echo "$PWD/bin" >>"$GITHUB_PATH"
