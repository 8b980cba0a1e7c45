#!/usr/bin/env bash
# Builds the images of this commit that the option has and pushes them, unless they are there; an image is named by its digest.
# In: AWS_STACK (what the stacks share), AWS_REGION, ARCHITECTURE (ARM64 or X86_64), GITHUB_SHA; a file to write the parameters to, and
# the file of parameters that `entra-config settings` wrote, which says the option.
set -euo pipefail
out=$1
option=$(python3 -I -c 'import json, sys; print(json.load(open(sys.argv[1], encoding="utf-8"))["Parameters"]["Option"])' "$2")
case "$ARCHITECTURE" in
  ARM64) platform=linux/arm64 ;;
  X86_64) platform=linux/amd64 ;;
  *) echo "ARCHITECTURE is ARM64 or X86_64, not '$ARCHITECTURE'" >&2; exit 1 ;;
esac
account=$(aws sts get-caller-identity --query Account --output text)
registry="$account.dkr.ecr.$AWS_REGION.amazonaws.com"
aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"

digest() {
  aws ecr describe-images --repository-name "$AWS_STACK/$1" --image-ids "imageTag=$GITHUB_SHA" \
    --query 'imageDetails[0].imageDigest' --output text 2>/dev/null || true
}

pushed() {
  local name=$1 recipe=$2 context=$3 found
  found=$(digest "$name")
  if [[ ! "$found" =~ ^sha256:[0-9a-f]{64}$ ]]; then
    docker build --platform "$platform" --file "$recipe" --tag "$registry/$AWS_STACK/$name:$GITHUB_SHA" "$context" >&2
    docker push "$registry/$AWS_STACK/$name:$GITHUB_SHA" >&2
    found=$(digest "$name")
  fi
  [[ "$found" =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "$AWS_STACK/$name has no image of $GITHUB_SHA" >&2; return 1; }
  printf '%s' "$registry/$AWS_STACK/$name@$found"
}

spa=$(pushed spa spa/Dockerfile spa)
api=$(pushed api api/Dockerfile .)
more=
if [ "$option" = C ]; then
  bff=$(pushed bff options/bff/Dockerfile .)
  more=", \"BffImage\": \"$bff\""
fi
if [ "$option" = E ]; then
  httpd=$(pushed httpd options/httpd/Dockerfile .)
  more=", \"HttpdImage\": \"$httpd\""
fi
printf '{"Parameters": {"SpaImage": "%s", "ApiImage": "%s"%s, "Architecture": "%s"}}\n' "$spa" "$api" "$more" "$ARCHITECTURE" >"$out"
