#!/usr/bin/env bash
# Checks a manifest and what was generated of it, offline: all that is asked for, whatever the first finds.
# Usage: check.sh WORD...   (validate, lint, settings, test)   In: ENTRA_CONFIG_MANIFEST. Annotations name files as they stand here.
set -euo pipefail
for word in "$@"; do
  case "$word" in
    validate | lint | settings | test) ;;
    *)
      echo "::error title=entra-config::command: validate, lint, settings and test go together; plan, drift and apply each go alone."
      exit 1
      ;;
  esac
done
failed=0
for word in "$@"; do
  case "$word" in
    settings) entra-config settings --check || failed=1 ;;
    *) entra-config "$word" --format github || failed=1 ;;
  esac
done
exit "$failed"
