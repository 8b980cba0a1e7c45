#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Asks GitHub for this job's identity token and tells azure-identity (workload identity) where it is.
# In: TENANT_ID, CLIENT_ID, and what `permissions: id-token: write` gives. Out: AZURE_* in GITHUB_ENV.
set -euo pipefail
: "${ACTIONS_ID_TOKEN_REQUEST_URL:?this job needs 'permissions: id-token: write'; a fork has no identity}"
: "${TENANT_ID:?set the repository variable ENTRA_TENANT_ID}"
: "${CLIENT_ID:?set the variable with the client id: the reader of the repository, a writer of its environment}"
token_file="$RUNNER_TEMP/entra-federated-token"
umask 077
# By standard input: any process of the machine can read arguments.
printf 'Authorization: Bearer %s\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
  curl --disable --silent --show-error --fail --retry 3 \
    --header @- \
    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api%3A%2F%2FAzureADTokenExchange" |
  python3 -I -c 'import json, sys; print(json.load(sys.stdin)["value"], end="")' >"$token_file"
{
  echo "AZURE_TENANT_ID=$TENANT_ID"
  echo "AZURE_CLIENT_ID=$CLIENT_ID"
  echo "AZURE_FEDERATED_TOKEN_FILE=$token_file"
} >>"$GITHUB_ENV"
