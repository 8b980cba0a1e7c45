#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Takes what one apply created into the lock file, and proposes just that: one branch and one pull request per environment.
# In: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_MANIFEST (main, by sha), pins/pins.json, GITHUB_TOKEN, DISPATCH_TOKEN.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
lock="entra-config.$ENTRA_CONFIG_ENVIRONMENT.lock.yaml"
# Bounded, and of the schema, before anything else reads it; 2: the lock file has it not yet.
entra-config lock --check --pins pins/pins.json || [ $? -eq 2 ]
# What an open pull request of an earlier run proposes stays in it; an id of this run wins over one of the same key there.
python3 -I "$here/pins.py" kept "$ENTRA_CONFIG_MANIFEST/$lock" pins/pins.json >kept.json
entra-config lock --pins kept.json
entra-config lock --pins pins/pins.json
python3 -I "$here/pins.py" propose "$ENTRA_CONFIG_MANIFEST/$lock" pins/pins.json
