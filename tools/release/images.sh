#!/usr/bin/env bash
# A version and a registry's path in (1.2.3 ghcr.io/someone/entra-config); both images built, pushed under that version, and the name and
# digest of each as `cli-name=…`, `cli-digest=…`, `emulator-name=…`, `emulator-digest=…`, out on stdout. A version that is there already
# is not written over.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$1
path=${2,,} # registries know no capitals
for target in cli emulator; do
  name=$path
  [ "$target" = cli ] || name=$path-$target
  if docker manifest inspect "$name:$version" > /dev/null 2>&1; then
    echo "error: $name:$version is there already" >&2
    exit 1
  fi
done
for target in cli emulator; do
  name=$path
  [ "$target" = cli ] || name=$path-$target
  docker build --pull --quiet --target "$target" --tag "$name:$version" \
    --label "org.opencontainers.image.version=$version" \
    --label "org.opencontainers.image.revision=$(git rev-parse HEAD)" \
    --label "org.opencontainers.image.licenses=MIT" \
    --label "org.opencontainers.image.source=${SOURCE_URL:-}" . >&2
  docker run --rm --read-only --tmpfs /tmp --cap-drop ALL "$name:$version" --version >&2
  docker push --quiet "$name:$version" >&2
  digest=$(docker inspect --format '{{index .RepoDigests 0}}' "$name:$version")
  echo "$target-name=$name"
  echo "$target-digest=${digest#*@}"
done
