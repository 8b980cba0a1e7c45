#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Makes the next secret of what is due, and takes away what is left over. Key ids go to pins/pins.json; a value goes to its sink alone.
# In: ENTRA_CONFIG_ENVIRONMENT, ENTRA_CONFIG_ALLOW, perhaps ENTRA_CONFIG_SINK_TOKEN, AWS_ROLE_ARN. Out: pins/pins.json.
set -euo pipefail
mkdir -p pins
if [ -n "${AWS_ROLE_ARN:-}" ]; then
  # boto3 takes this job's own token for the role; nothing of AWS is stored.
  umask 077
  # By standard input: any process of the machine can read arguments.
  printf 'Authorization: Bearer %s\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
    curl --disable --silent --show-error --fail --retry 3 \
      --header @- \
      "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" |
    python3 -I -c 'import json, sys; print(json.load(sys.stdin)["value"], end="")' >"$RUNNER_TEMP/aws-token"
  export AWS_WEB_IDENTITY_TOKEN_FILE="$RUNNER_TEMP/aws-token" AWS_ROLE_SESSION_NAME=entra-config
fi
entra-config credentials rotate --due --pins pins/pins.json
