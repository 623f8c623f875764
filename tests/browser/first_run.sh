#!/usr/bin/env bash
# scripts/first-run-macos, tried with Chromium in place of Safari: its steps, its site and its page. What Safari does nobody has
# seen; this shows that the volunteer's ten minutes do not fail by the script.
#     tests/browser/first_run.sh SOURCE UNSTICK
set -euo pipefail
chromium=$(command -v chromium) || { echo "no chromium: not tried"; exit 77; }
page=$(mktemp)
trap 'rm -f "$page"' EXIT
UNSTICK_FIRST_RUN_PAGE=$page UNSTICK_TRIAL=$chromium "$1/scripts/first-run-macos" "$2"
for store in cache_storage cached_file cookie indexed_db local_storage; do
    grep -qE "^$store +there +gone +there *\$" "$page" || { echo "FAILED: $store"; exit 1; }
done
if grep -qF "$HOME" "$page"; then echo "FAILED: the page names the home folder"; exit 1; fi
echo "ok: planted, removed, put back"
