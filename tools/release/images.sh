#!/usr/bin/env bash
# A version and a registry's path in (1.2.3 ghcr.io/someone/entra-config); both images built, pushed under that version, and the name and
# digest of each as `cli-name=…`, `cli-digest=…`, `emulator-name=…`, `emulator-digest=…`, out on stdout. What is there already is never
# written over: an image of this very commit, which a run before this one pushed, is taken as it is; any other stops it before the first.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$1
path=${2,,} # registries know no capitals
commit=$(git rev-parse HEAD)
declare -A pushed
for target in cli emulator; do
  name=$path
  [ "$target" = cli ] || name=$path-$target
  if docker manifest inspect "$name:$version" > /dev/null 2>&1; then
    docker pull --quiet "$name:$version" >&2
    made=$(docker inspect --format '{{index .Config.Labels "org.opencontainers.image.revision"}}' "$name:$version")
    if [ "$made" != "$commit" ]; then
      echo "error: $name:$version is there already, made of ${made:-another commit}, and this is $commit" >&2
      exit 1
    fi
    pushed[$target]=yes
  fi
done
for target in cli emulator; do
  name=$path
  [ "$target" = cli ] || name=$path-$target
  if [ -z "${pushed[$target]:-}" ]; then
    docker build --pull --quiet --target "$target" --tag "$name:$version" \
      --label "org.opencontainers.image.version=$version" \
      --label "org.opencontainers.image.revision=$commit" \
      --label "org.opencontainers.image.licenses=MIT" \
      --label "org.opencontainers.image.source=${SOURCE_URL:-}" . >&2
    docker run --rm --read-only --tmpfs /tmp --cap-drop ALL "$name:$version" --version >&2
    docker push --quiet "$name:$version" >&2
  fi
  digest=$(docker inspect --format '{{index .RepoDigests 0}}' "$name:$version")
  echo "$target-name=$name"
  echo "$target-digest=${digest#*@}"
done
