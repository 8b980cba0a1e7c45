#!/usr/bin/env bash
# Deploys the stacks of the option, one after the other, and waits for each; what fails goes back by itself and stops the rest.
# In: AWS_STACK, AWS_REGION, AWS_STACK_ROLE, the folder of templates, a file of parameters.
set -euo pipefail
infra=$1
parameters=$2
: "${AWS_STACK_ROLE:?set the variable with the ARN of the role of CloudFormation, an output of infra/deploy-role.yaml}"
# As words: a file of them is read by the second version of `aws` alone. What a stack does not have it is not given.
mapfile -d '' -t given < <(python3 -I -c '
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    print(*(f"{name}={value}" for name, value in json.load(file)["Parameters"].items()), sep="\0", end="\0")
' "$parameters")
[ "${#given[@]}" -gt 0 ] || { echo "$parameters has no parameters" >&2; exit 1; }
stacks=(network edge services)
for each in "${given[@]}"; do if [ "$each" = Option=C ]; then stacks+=(bff); fi; done
# What another option added imports what edge.yaml would take away.
if [ "${stacks[-1]}" != bff ] && aws cloudformation describe-stacks --stack-name "$AWS_STACK-bff" >/dev/null 2>&1; then
  echo "$AWS_STACK-bff is option C's: delete it first (docs/aws.md, From one option to another)" >&2
  exit 1
fi
for stack in "${stacks[@]}"; do
  aws cloudformation deploy --no-fail-on-empty-changeset \
    --stack-name "$AWS_STACK-$stack" --template-file "$infra/$stack.yaml" \
    --parameter-overrides "${given[@]}" \
    --role-arn "$AWS_STACK_ROLE" --capabilities CAPABILITY_NAMED_IAM
done
