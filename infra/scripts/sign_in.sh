#!/usr/bin/env bash
# Exchanges this job's GitHub token for an hour of an AWS role; no secret is stored anywhere.
# In: AWS_ROLE, and what `permissions: id-token: write` gives. Out: AWS_SHARED_CREDENTIALS_FILE in GITHUB_ENV.
set -euo pipefail
: "${ACTIONS_ID_TOKEN_REQUEST_URL:?this job needs 'permissions: id-token: write'; a fork has no identity}"
: "${AWS_ROLE:?set the variable with the ARN of the role, an output of infra/deploy-role.yaml}"
umask 077
token_file="$RUNNER_TEMP/aws-web-identity-token"
credentials="$RUNNER_TEMP/aws-credentials"
# By standard input: any process of the machine can read arguments.
printf 'Authorization: Bearer %s\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
  curl --disable --silent --show-error --fail --retry 3 \
    --header @- \
    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" |
  python3 -I -c 'import json, sys; print(json.load(sys.stdin)["value"], end="")' >"$token_file"
aws sts assume-role-with-web-identity --no-sign-request --output json \
  --role-arn "$AWS_ROLE" \
  --role-session-name "github-$GITHUB_RUN_ID" \
  --duration-seconds 3600 \
  --web-identity-token "file://$token_file" |
  python3 -I -c '
import json, sys

given = json.load(sys.stdin)["Credentials"]
names = {"aws_access_key_id": "AccessKeyId", "aws_secret_access_key": "SecretAccessKey", "aws_session_token": "SessionToken"}
print("[default]", *(f"{name} = {given[key]}" for name, key in names.items()), sep="\n")
' >"$credentials"
rm -f "$token_file"
echo "AWS_SHARED_CREDENTIALS_FILE=$credentials" >>"$GITHUB_ENV"
