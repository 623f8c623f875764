#!/usr/bin/env bash
# Root works on other people's profiles with their rights: files stay theirs, the journal is theirs, and a profile that
# points at root's files gets nobody anywhere. Needs root, as in a container; ends with 77 (skipped) without.
#     tests/rights.sh UNSTICK FIXTURE     FIXTURE: profile_tool
set -euo pipefail
unstick=$1 fixture=$2
[ "$(id -u)" = 0 ] || { echo "not root: what root does was not tested"; exit 77; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
failed=0
check() {  # WHAT COMMAND...
    if "${@:2}"; then echo "ok: $1"; else echo "FAILED: $1"; failed=1; fi
}
exits_with() {  # CODE COMMAND...: what it prints is in $scratch/output
    local code=0
    "${@:2}" >"$scratch/output" 2>&1 || code=$?
    [ "$code" = "$1" ] || { echo "exit code $code, not $1:"; cat "$scratch/output"; false; }
}
says() { grep -q "$1" "$scratch/output" || { cat "$scratch/output"; false; }; }
only_of() { [ -z "$(find "$2" ! -user "$1" -print -quit)" ]; }  # USER FOLDER
cookies_of() { sqlite3 "$1/.config/chromium/Default/Cookies" "SELECT count(*) FROM cookies WHERE host_key = '$2'"; }
no_cookies_of() { [ "$(cookies_of "$1" "$2")" = 0 ]; }

# Two people of our own.
ann=$scratch/ann bob=$scratch/bob
"$fixture" make "$ann" && chown -R 20001:20001 "$ann"
"$fixture" make "$bob" && chown -R 20002:20002 "$bob"
printf 'root:x:0:0::/root:/bin/sh\nann:x:20001:20001::%s:/bin/sh\nbob:x:20002:20002::%s:/bin/sh\n' "$ann" "$bob" >"$scratch/passwd"
# In a mount namespace of their own, in which they are in /etc/passwd.
as_known() { unshare --mount sh -c 'mount --bind "$0" /etc/passwd && exec "$@"' "$scratch/passwd" "$@"; }

check "a home folder of somebody else: fixed" exits_with 0 "$unstick" fix stuck.test --home "$ann" --os linux --retest none --yes
check "  the cookies are gone" no_cookies_of "$ann" stuck.test
check "  all files are still hers, the journal too" only_of 20001 "$ann"
check "  the journal is hers alone" [ "$(stat -c %a "$ann/.local/state/unstick/runs")" = 700 ]

echo "root's own" >"$scratch/secret" && chmod 600 "$scratch/secret"
rm "$bob/.config/chromium/Default/Cookies"
ln "$scratch/secret" "$bob/.config/chromium/Default/Cookies"
check "a profile that names root's file: denied or refused" exits_with 3 "$unstick" fix stuck.test --home "$bob" --os linux --retest none --yes
check "  root's file is as it was" grep -qx "root's own" "$scratch/secret"

rm "$bob/.config/chromium/Default/Cookies"
# Root in a container may not be allowed to become somebody else: then nothing is opened with its own rights.
as_powerless() { setpriv --bounding-set=-setuid,-setgid --inh-caps=-setuid,-setgid "$@"; }
seen_by_root() { "$fixture" seen "$ann" | sort | md5sum; }
before=$(seen_by_root)
check "root that cannot take on her rights: refused" exits_with 8 as_powerless "$unstick" fix other.test --home "$ann" --os linux --retest none --yes
check "  and says so" says "cannot take on this user's rights"
check "  nothing is changed" [ "$(seen_by_root)" = "$before" ]
check "  the same for undo" exits_with 8 as_powerless "$unstick" undo --state-dir "$ann/.local/state/unstick" --yes

check "all users: undone" exits_with 0 as_known "$unstick" undo --all-users --yes
check "  her cookies are back" [ "$(cookies_of "$ann" stuck.test)" -gt 0 ]
check "all users without --yes: refused" exits_with 2 as_known "$unstick" fix stuck.test --all-users --retest none
check "  and in JSON: one object, nothing else" exits_with 2 as_known "$unstick" fix stuck.test --all-users --retest none --json
check "    which says why" python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
assert report["exit_code"] == 2 and report["problems"][0]["code"] == "usage", report
' "$scratch/output"
check "all users: the log is root's, not theirs" exits_with 2 as_known "$unstick" fix stuck.test --all-users --log "$scratch/log"
check "all users: fixed" exits_with 0 as_known "$unstick" fix stuck.test --all-users --retest none --yes --json
check "  both are in one JSON object" python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
users = {entry["user"]: entry for entry in report["users"]}
assert users["ann"]["exit_code"] == 0 and users["ann"]["report"]["command"] == "fix", users
assert "bob" in users, users
' "$scratch/output"
check "  her cookies are gone" no_cookies_of "$ann" stuck.test
check "  all is still hers" only_of 20001 "$ann"
check "only root can do that" exits_with 8 setpriv --reuid 20001 --regid 20001 --clear-groups "$unstick" profiles --all-users
check "  and is told so" says "as root"
exit $failed
