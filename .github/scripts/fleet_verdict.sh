#!/usr/bin/env bash
# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
# Fails where the worst shard of a report failed (1) or was refused (3); the report is written by then. Usage: fleet_verdict.sh CODE
set -euo pipefail
case "$1" in
  0 | 2) ;;
  3) echo "::error title=Refused::A policy or limit refuses a shard; the report says which word lifts it." && exit 1 ;;
  *) echo "::error title=Failed::A shard failed or has no result; the report says which." && exit 1 ;;
esac
