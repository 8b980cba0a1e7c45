#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Sourced: puts `entra-config` on the path, at the versions and hashes of the lock files, outside of every checkout.
# Where lock files stand in .gitlab/install, all of it comes from the index; else the checkout is entra-config's own.
place=$(mktemp -d)
# -I: nothing of the folder, of the working directory or of a home is imported beside what the lock files pin.
python -I -m venv "$place/entra-config"
pip() { "$place/entra-config/bin/python" -I -m pip install --quiet --disable-pip-version-check "$@"; }
locks=.gitlab/install
if [ -f "$locks/entra-config.lock" ]; then
  pip --require-hashes --only-binary :all: -r "$locks/requirements.lock" -r "$locks/entra-config.lock"
else
  pip --require-hashes -r requirements.lock
  pip --require-hashes -r requirements-build.lock
  pip --no-deps --no-build-isolation .
fi
mkdir "$place/bin"
printf '#!/bin/sh\nexec "%s/bin/python" -I "%s/bin/entra-config" "$@"\n' \
  "$place/entra-config" "$place/entra-config" >"$place/bin/entra-config"
chmod +x "$place/bin/entra-config"
PATH="$place/bin:$PATH"
