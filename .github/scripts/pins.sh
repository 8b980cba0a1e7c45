#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Takes what applies and rotations of main made into the lock file, and proposes just that: one branch and one pull request per
# environment.
# In: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_MANIFEST (main, by sha), GITHUB_RUN_ID, GITHUB_TOKEN, RUNS_TOKEN, DISPATCH_TOKEN.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
lock="$ENTRA_CONFIG_MANIFEST/entra-config.$ENTRA_CONFIG_ENVIRONMENT.lock.yaml"
python3 -I "$here/pins.py" collect runs
# Bounded, and of the schema, before anything else reads it; 2: the lock file has it not yet.
for file in runs/*.json; do
  [ -e "$file" ] || exit 0
  code=0
  entra-config lock --check --pins "$file" || code=$?
  if [ "$code" -ne 0 ] && [ "$code" -ne 2 ]; then
    # An earlier run's can be of another project name or tenant by now; this run's own must be right.
    [[ "$file" != "runs/$GITHUB_RUN_ID".* ]] || exit 1
    echo "::warning title=Pins of a run are not proposed::$file does not fit this manifest"
    rm "$file"
  fi
done
if [ -e "$lock" ]; then cp "$lock" main.lock.yaml; else : >main.lock.yaml; fi
python3 -I "$here/pins.py" merge main.lock.yaml runs >merged.json
entra-config lock --pins merged.json
[ -e "$lock" ] || exit 0
python3 -I "$here/pins.py" propose main.lock.yaml "$lock" runs
