#!/usr/bin/env bash
# The manual page has nothing that man's programs complain of. Ends with 77 (skipped) without mandoc.
#     tests/packaging/man_page.sh UNSTICK
set -euo pipefail
command -v mandoc >/dev/null || { echo "no mandoc: the page was not looked at"; exit 77; }
page=$(mktemp)
trap 'rm -f "$page"' EXIT
"$1" help man >"$page"
mandoc -T lint -W warning "$page"
grep -q '^\.TH UNSTICK 1 "[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]" ' "$page" || { echo "FAILED: the page has no date"; exit 1; }
sed 's/^\.TH .*/.TH UNSTICK 1 ""/' "$page" >"$page.damaged"
if mandoc -T lint -W warning "$page.damaged" >/dev/null; then echo "FAILED: the test does not see a fault"; exit 1; fi
rm -f "$page.damaged"
echo "ok: no complaints"
