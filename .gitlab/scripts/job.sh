#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# One job of .gitlab-ci.yml. Usage: job.sh check|tests|review|plan|apply|plan-expired|expire|drift|pipeline
# In: ENTRA_CONFIG_MANIFEST, ENTRA_CONFIG_ENVIRONMENT, and where the job signs in ENTRA_ID_TOKEN, ENTRA_TENANT_ID and CLIENT_ID.
set -euo pipefail
here=.gitlab/scripts

# Tells azure-identity (workload identity) where this job's token is; no secret is stored anywhere.
sign_in() {
  : "${ENTRA_ID_TOKEN:?this job needs 'id_tokens:'}"
  : "${ENTRA_TENANT_ID:?set the CI/CD variable ENTRA_TENANT_ID}"
  : "${CLIENT_ID:?set the CI/CD variable ENTRA_READER_CLIENT_ID, or ENTRA_WRITER_CLIENT_ID of the environment}"
  local file
  file=$(umask 077 && mktemp)
  printf %s "$ENTRA_ID_TOKEN" >"$file"
  unset ENTRA_ID_TOKEN
  export AZURE_TENANT_ID="$ENTRA_TENANT_ID" AZURE_CLIENT_ID="$CLIENT_ID" AZURE_FEDERATED_TOKEN_FILE="$file"
}

# A run that waited is of an older commit by now: the newer one applies.
newest() {
  local head
  head=$(git ls-remote "$CI_REPOSITORY_URL" "refs/heads/$CI_DEFAULT_BRANCH" | cut -f1)
  if [ "$head" != "$CI_COMMIT_SHA" ]; then
    echo "Superseded: this run is for $CI_COMMIT_SHA, but $CI_DEFAULT_BRANCH is at $head. The newer run applies; this did nothing."
    exit 1
  fi
}

check() {
  local failed=0
  entra-config validate || failed=1
  entra-config lint || failed=1
  entra-config settings --check || failed=1
  entra-config validate --manifest "$ENTRA_PIPELINE_MANIFEST" || failed=1
  return "$failed"
}

# 2: there is something to do, or something is withheld; only the first needs a writer.
plan() {
  local code=0
  entra-config plan --tests --format markdown --detailed-exitcode --out plan.json >plan.md || code=$?
  cat plan.md
  # It tells, and stops nothing: what is applied is this plan, and whoever approves it reads it.
  [ ! -s plan.json ] || python3 -I "$here/reviewed.py" "$ENTRA_CONFIG_ENVIRONMENT" plan.json || true
  case "$code" in
    0 | 2) ;;
    *) exit "$code" ;;
  esac
  python3 -I "$here/counts.py" plan.json | sed -n 's/^digest=/PLAN_DIGEST=/p; s/^steps=/PLAN_STEPS=/p' >plan.env
}

# What is read before and after names people: in a public project it is not kept. Here is the checkout, so git ignores the folder.
keep_snapshots() {
  snapshots=()
  case "${CI_PROJECT_VISIBILITY:-public}" in
    private | internal)
      mkdir -p snapshots
      echo '*' >snapshots/.gitignore
      snapshots=(--snapshots snapshots)
      ;;
  esac
}

# 3: everything is done except what the plan withholds or skips.
apply() {
  local code=0
  mkdir -p applied pins
  keep_snapshots
  entra-config apply --digest "$PLAN_DIGEST" --journal applied/journal.jsonl --pins pins/pins.json "${snapshots[@]}" || code=$?
  if [ "$code" -eq 0 ] || [ "$code" -eq 3 ]; then
    entra-config settings --values --output applied/settings
  fi
  if grep -q '"appId"' pins/pins.json 2>/dev/null; then
    echo "Applications were created. Pin them: take pins/pins.json out of this job's artifacts, then"
    echo "  entra-config lock -e $ENTRA_CONFIG_ENVIRONMENT --pins pins.json"
  fi
  exit "$code"
}

# What is over by its `until`, and nothing else. 3, a limit refuses it: a plain apply with its review is the way then.
plan_expired() {
  local code=0
  entra-config plan --expired --format markdown --detailed-exitcode --out plan.json >plan.md || code=$?
  cat plan.md
  case "$code" in
    0 | 2) ;;
    *) exit "$code" ;;
  esac
  python3 -I "$here/counts.py" plan.json | sed -n 's/^digest=/PLAN_DIGEST=/p; s/^steps=/PLAN_STEPS=/p' >plan.env
}

expire() {
  mkdir -p applied
  keep_snapshots
  entra-config apply --expired --digest "$PLAN_DIGEST" --journal applied/journal.jsonl --pins skip "${snapshots[@]}"
}

drift() {
  local code=0
  mkdir -p drift
  entra-config drift --format markdown --write drift >drift/drift.md || code=$?
  cat drift/drift.md
  case "$code" in
    0 | 2) python3 -I "$here/drift_issue.py" "$ENTRA_CONFIG_ENVIRONMENT" "$code" drift/drift.md ;;
    *) exit "$code" ;;
  esac
}

case "$1" in
  plan | apply | plan-expired | expire) newest ;;
esac
if [[ "$1" = apply || "$1" = expire ]] && [ "$PLAN_STEPS" = 0 ]; then
  echo "Nothing to write: nobody signs in."
  exit 0
fi
. "$here/install.sh"
case "$1" in
  check) check ;;
  tests) entra-config test ;;
  review)
    sign_in
    # shellcheck disable=SC2086  # names of environments, separated by spaces
    python3 -I "$here/review.py" "$ENTRA_CONFIG_MANIFEST" $ENTRA_ENVIRONMENTS
    ;;
  plan | apply | expire | drift)
    sign_in
    "$1"
    ;;
  plan-expired)
    sign_in
    plan_expired
    ;;
  pipeline)
    sign_in
    entra-config doctor --pipeline
    ;;
esac
