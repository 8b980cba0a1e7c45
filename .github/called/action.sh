#!/usr/bin/env bash
# The one step of action.yml, once entra-config is there and signed in. Its inputs are data: words that are compared with lists.
# In: COMMAND, ENVIRONMENT, COMMENT, GITHUB_EVENT_NAME, PULL_NUMBER, DIGEST, TENANT_ID, CLIENT_ID,
# GITHUB_TOKEN, RUNNER_TEMP, and for the command ENTRA_CONFIG_MANIFEST, ENTRA_CONFIG_BASE, ENTRA_CONFIG_ALLOW.
# Out: `code` and the outputs of a plan, as outputs of the step; plans/, plan.json, plan.md, drift/, applied/,
# pins/ and (with KEEP_SNAPSHOTS) snapshots/ in the working directory.
set -euo pipefail
set -f
here=$(dirname "${BASH_SOURCE[0]}")
scripts="$here/../scripts"

refuse() {
  echo "::error title=entra-config::$1"
  exit 1
}

# A name of an environment is a name of files too.
environments=($ENVIRONMENT)
for name in "${environments[@]}"; do
  [[ $name =~ ^[A-Za-z][A-Za-z0-9-]*$ ]] || refuse "environment: a name has letters, digits and hyphens, and begins with a letter."
done

# What a checkout at the root brought along is a pull request's: written through a link of it, a plan would
# become a script that runs next, and read through it, a token would become an artifact.
fresh() {
  local path ours="$RUNNER_TEMP/entra-config-outputs"
  for path in "$@"; do
    [ -e "$path" ] || [ -L "$path" ] || continue
    # An earlier step of this job wrote it, and nothing in it leads elsewhere.
    if grep -qsxF "$path" "$ours" && [ -z "$(find "$path" ! -type f ! -type d -print -quit)" ]; then
      continue
    fi
    refuse "$path is what $COMMAND writes, and is there already: take it out of the checkout, or remove it."
  done
  printf '%s\n' "$@" >>"$ours"
}

signed_in() {
  # An event that is in no list may run main's workflow on what a stranger wrote, as pull_request_target does.
  local event="$GITHUB_EVENT_NAME"
  case "$event" in
    push | schedule | workflow_dispatch | merge_group | pull_request) ;;
    *) refuse "$1 runs on push, schedule, workflow_dispatch, merge_group, pull_request: not $event." ;;
  esac
  [ -n "$TENANT_ID" ] && [ -n "$CLIENT_ID" ] || refuse "$1 signs in: give tenant-id and client-id, and the job 'id-token: write'."
}

one() {
  signed_in "$1"
  [ "${#environments[@]}" -eq 1 ] || refuse "$1 takes one environment."
  export ENTRA_CONFIG_ENVIRONMENT="${environments[0]}"
}

# What calls these asks for their code, and there bash ends nothing by itself: each step that may fail says so.
review() {
  local last=() name
  signed_in plan
  [ "${#environments[@]}" -gt 0 ] || refuse "plan takes an environment, or several."
  fresh plans
  for name in "${environments[@]}"; do
    ENTRA_CONFIG_ENVIRONMENT="$name" bash "$scripts/plan_for_review.sh" || return
    # The last is what matters most, as in `dev prod`: it is shown first.
    last=("$name" "${last[@]}")
  done
  if [ "$COMMENT" = true ]; then
    PLANNED=true python3 -I "$scripts/comment.py" "$PULL_NUMBER" plans "${last[@]}" || return
  fi
  bash "$scripts/verdict.sh" plans
}

drift() {
  bash "$scripts/drift_report.sh" || return
  if [ "$COMMENT" = true ]; then
    python3 -I "$scripts/drift_issue.py" "$ENTRA_CONFIG_ENVIRONMENT" "$(cat drift/code)" drift/drift.md || return
  fi
  return "$(cat drift/code)"
}

code=0
case "$COMMAND" in
  plan)
    if [ "$GITHUB_EVENT_NAME" = pull_request ]; then
      review || code=$?
    else
      one plan
      fresh plan.json plan.md
      bash "$scripts/plan_for_apply.sh" || code=$?
    fi
    ;;
  drift)
    one drift
    fresh drift
    drift || code=$?
    ;;
  apply)
    one apply
    [ -n "$DIGEST" ] || refuse "apply takes the digest of the plan that was approved: outputs.digest of the step that planned."
    fresh applied pins snapshots
    bash "$scripts/apply.sh" || code=$?
    ;;
  *[a-z]*) bash "$here/check.sh" $COMMAND || code=$? ;;
  *) refuse "command: validate, lint, settings, test, plan, drift or apply." ;;
esac
echo "code=$code" >>"$GITHUB_OUTPUT"
# Drift is news, not a failure: whoever wants it red compares the output.
case "$COMMAND:$code" in
  drift:2) ;;
  *) exit "$code" ;;
esac
