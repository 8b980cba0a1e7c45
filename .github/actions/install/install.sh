#!/usr/bin/env bash
# Installs entra-config and what it needs, at the versions and hashes of the lock files, outside of every checkout.
# In: FOLDER (below the workspace), RUNNER_TEMP as the working directory. Out: `entra-config` on the path of the later steps.
set -euo pipefail
source="$GITHUB_WORKSPACE/$FOLDER"
# -I: nothing of the folder, of the working directory or of a home is imported beside what the lock files pin.
python -I -m venv entra-config
entra-config/bin/python -I -m pip install --quiet --require-hashes -r "$source/requirements.lock"
entra-config/bin/python -I -m pip install --quiet --require-hashes -r "$source/requirements-build.lock"
entra-config/bin/python -I -m pip install --quiet --no-deps --no-build-isolation "$source"
mkdir -p bin
printf '#!/bin/sh\nexec "%s/bin/python" -I "%s/bin/entra-config" "$@"\n' "$PWD/entra-config" "$PWD/entra-config" >bin/entra-config
chmod +x bin/entra-config
echo "$PWD/bin" >>"$GITHUB_PATH"
