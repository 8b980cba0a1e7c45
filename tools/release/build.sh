#!/usr/bin/env bash
# A tag in; dist/ with the wheel and the source, and output/release with their SBOM (CycloneDX) and hashes, out. Fails where the tag is not
# the version, the changelog does not know it, or the wheel does not tell its whole story in an empty environment.
set -euo pipefail
cd "$(dirname "$0")/../.."
tag=$1
python=${PYTHON:-python}
version=$("$python" -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')
[ "$tag" = "v$version" ] || { echo "error: the tag is $tag, and pyproject.toml says $version" >&2; exit 1; }
grep -q "^## $version" CHANGELOG.md || { echo "error: CHANGELOG.md has no section $version" >&2; exit 1; }

rm -rf dist output/release
mkdir -p output/release
# The same time in every file, so that whoever builds this commit gets the same bytes.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
"$python" -m build --no-isolation --outdir dist .
"$python" -m twine check --strict dist/*
"$python" -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --validate \
  --of JSON --output-file output/release/sbom.cdx.json

"$python" -m venv output/release/.venv
output/release/.venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
output/release/.venv/bin/python -m pip install --quiet --no-deps dist/*.whl
(cd output/release && .venv/bin/entra-config --version && .venv/bin/entra-config demo --quiet > /dev/null)
rm -rf output/release/.venv
(cd dist && sha256sum -- *) > output/release/SHA256SUMS
cat output/release/SHA256SUMS
