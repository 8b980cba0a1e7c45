#!/usr/bin/env bash
# What each stack would become by the templates of a pull request, with the parameters that it has: a table in the job's summary.
# In: AWS_STACK, AWS_REGION, the folder of templates. Nothing is carried out; each change set is deleted again.
set -euo pipefail
infra=$1
stacks=(network edge services)
# What an option adds is there when it was deployed with it.
if aws cloudformation describe-stacks --stack-name "$AWS_STACK-bff" >/dev/null 2>&1; then stacks+=(bff); fi
for stack in "${stacks[@]}"; do
  printf '\n### %s-%s\n\n' "$AWS_STACK" "$stack" >>"$GITHUB_STEP_SUMMARY"
  said=$(aws cloudformation deploy --no-execute-changeset --no-fail-on-empty-changeset \
    --stack-name "$AWS_STACK-$stack" --template-file "$infra/$stack.yaml" --capabilities CAPABILITY_NAMED_IAM)
  set_arn=$(grep -oE 'arn:[^ ]+:changeSet/[^ ]+' <<<"$said" || true)
  if [ -z "$set_arn" ]; then
    echo "Nothing changes." >>"$GITHUB_STEP_SUMMARY"
    continue
  fi
  aws cloudformation describe-change-set --change-set-name "$set_arn" --output json |
    python3 -I -c '
import json, sys

print("| | resource | type | replaced |\n|---|---|---|---|")
for each in json.load(sys.stdin)["Changes"]:
    one = each["ResourceChange"]
    print("|", one["Action"], "|", one["LogicalResourceId"], "|", one["ResourceType"], "|", one.get("Replacement", ""), "|")
' >>"$GITHUB_STEP_SUMMARY"
  aws cloudformation delete-change-set --change-set-name "$set_arn"
done
