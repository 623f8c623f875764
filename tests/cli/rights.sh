#!/usr/bin/env bash
# Root works on other people's profiles with their rights: files stay theirs, the journal is theirs, and a profile that
# points at root's files gets nobody anywhere. Needs root, as in a container; ends with 77 (skipped) without.
#     tests/cli/rights.sh UNSTICK FIXTURE     FIXTURE: profile_tool
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
# By sudo, which leaves root's HOME: the profiles of who called it, with that one's rights.
empty_home=$scratch/empty && mkdir -m 700 "$empty_home"
by_sudo() { as_known env HOME="$empty_home" SUDO_USER=ann SUDO_UID=20001 "$@"; }
check "by sudo: her last run is undone" exits_with 0 by_sudo "$unstick" undo --yes
check "  her cookies are back" [ "$(cookies_of "$ann" stuck.test)" -gt 0 ]
check "by sudo: her profiles are fixed" exits_with 0 by_sudo "$unstick" fix stuck.test --retest none --yes
check "  which is said" says "ann's home folder"
check "  the cookies are gone" no_cookies_of "$ann" stuck.test
check "  all is still hers" only_of 20001 "$ann"
check "  nothing is left in root's home folder" [ -z "$(ls -A "$empty_home")" ]
check "  and undone" exits_with 0 by_sudo "$unstick" undo --yes
check "    her cookies are back" [ "$(cookies_of "$ann" stuck.test)" -gt 0 ]
check "  a home folder that is not the caller's: the sentence what to type" exits_with 9 by_sudo env SUDO_USER=bob "$unstick" fix stuck.test --retest none --yes
check "    names --home" says "name.*--home DIR"
check "  an unknown caller: nothing of others is looked at" exits_with 9 by_sudo env SUDO_USER=nobody-here "$unstick" fix stuck.test --retest none --yes
root_has=$scratch/root-has && mkdir -m 700 "$root_has" && "$fixture" make "$root_has"
check "  where root's own home folder has a profile, that one is meant" exits_with 0 by_sudo env HOME="$root_has" "$unstick" fix stuck.test --retest none --yes
check "    its cookies are gone" no_cookies_of "$root_has" stuck.test
check "    hers are not" [ "$(cookies_of "$ann" stuck.test)" -gt 0 ]
by_sudo "$unstick" fix stuck.test --retest none --yes >"$scratch/output" 2>&1
# Whose files are believed. Root keeps its rights only where nobody else has anything on the way.
root_home=$scratch/root
mkdir -m 700 "$root_home"
"$fixture" make "$root_home"
as_root() { HOME=$root_home "$@"; }
mode_of() { stat -c %a "$1"; }
owner_of() { stat -c %u "$1"; }

# Root with somebody else's HOME (sudo -E): his configuration, by his rights.
mallory=$scratch/mallory
"$fixture" make "$mallory"
mkdir -p "$mallory/.config/unstick" && mkdir -m 700 "$scratch/roots"
printf '#!/bin/sh\nid -u >%s/ran-as\nexit 1\n' "$mallory" >"$mallory/program" && chmod 755 "$mallory/program"
config=$mallory/.config/unstick/config
with_config() { printf '%s\n' "$@" >"$config"; chown -R 20003:20003 "$mallory"; }
as_his_root() { HOME=$mallory "$@"; }
with_config "browser-program=$mallory/program" "retest=browser"
check "somebody else's HOME: root gives up its rights" exits_with 6 as_his_root "$unstick" why stuck.test --url http://127.0.0.1:9/ --retries 0
check "  the program that his configuration names runs as he" [ "$(cat "$mallory/ran-as")" = 20003 ]
check "  all is still his" only_of 20003 "$mallory"
with_config "log=$scratch/roots/made"
check "  a log where only root can write: refused" exits_with 2 as_his_root "$unstick" profiles
check "    and not made" [ ! -e "$scratch/roots/made" ]
with_config "log=$mallory/log"
check "  a log of his own is his" exits_with 0 as_his_root "$unstick" profiles
check "    and private" [ "$(owner_of "$mallory/log") $(mode_of "$mallory/log")" = "20003 600" ]
with_config "state-dir=$root_home/.local/state/unstick"
check "  root's state folder: refused" exits_with 8 as_his_root "$unstick" undo --yes
check "  root who works for all users does not read it" exits_with 2 as_known env HOME="$mallory" "$unstick" profiles --all-users
check "    and says whose it is" says "belongs to"

# The same by a link in root's own home folder.
mkdir -p "$root_home/.config/unstick"
with_config "browser-program=$mallory/program"
ln -s "$config" "$root_home/.config/unstick/config"
check "a configuration that is a link to somebody else's: not read with root's rights" exits_with 2 as_root "$unstick" profiles --all-users
rm "$root_home/.config/unstick/config" "$mallory/.config/unstick/config"
printf 'retries=1\n' >"$root_home/.config/unstick/config" && chmod 664 "$root_home/.config/unstick/config"
check "a configuration that others can write to: refused" exits_with 2 as_root "$unstick" profiles
check "  and the chmod that helps is named" says "chmod go-w $root_home/.config/unstick/config"
chmod 644 "$root_home/.config/unstick/config"
check "  with that it works" exits_with 0 as_root "$unstick" profiles

# A state folder that is a link.
mkdir -p "$root_home/.local/state"
mkdir -m 777 "$scratch/open"
ln -s "$scratch/open" "$root_home/.local/state/unstick"
check "a state folder in a place where all can write: refused" exits_with 8 as_root "$unstick" fix stuck.test --retest none --yes
check "  and the chmod that helps is named" says "chmod go-w $scratch/open"
check "  nothing is made there" [ -z "$(ls -A "$scratch/open")" ]
check "  nothing is removed" [ "$(cookies_of "$root_home" stuck.test)" -gt 0 ]
rm "$root_home/.local/state/unstick"
mkdir -m 755 "$scratch/his" && mkdir -m 700 "$scratch/his/state" && chown -R 20003:20003 "$scratch/his"
ln -s "$scratch/his/state" "$root_home/.local/state/unstick"
check "a state folder that is a link to somebody else's: refused, by that one's rights" exits_with 2 as_root "$unstick" fix stuck.test --retest none --yes
check "  nothing is removed" [ "$(cookies_of "$root_home" stuck.test)" -gt 0 ]
check "  what is there is his" only_of 20003 "$scratch/his"
rm "$root_home/.local/state/unstick"

# A browser's data folder by a link, and below a home folder of root's.
ln -s "$mallory/.config/chromium" "$scratch/link"
check "--user-data-dir that is a link: by its owner's rights" exits_with 0 as_root "$unstick" fix stuck.test --user-data-dir "$scratch/link" --state-dir "$mallory/runs" --retest none --yes
check "  all is still his" only_of 20003 "$mallory"
mixed=$scratch/mixed
"$fixture" make "$mixed" && chown -R 20003:20003 "$mixed/.config/chromium" "$mixed/.cache" && chmod 755 "$mixed" "$mixed/.config"
check "a profile of somebody else's in a home folder of root's: by its owner's rights" exits_with 8 as_root "$unstick" fix stuck.test --home "$mixed" --os linux --state-dir "$scratch/roots/state" --retest none --yes
check "  which may not keep runs in root's folder" [ ! -e "$scratch/roots/state" ]

# The log.
mkdir -m 1777 "$scratch/shared"
ln -s "$scratch/roots/by-link" "$scratch/shared/log" && chown -h 20003 "$scratch/shared/log"
check "--log that is a link: refused" exits_with 2 as_root "$unstick" profiles --log "$scratch/shared/log"
check "  what it leads to is not made" [ ! -e "$scratch/roots/by-link" ]
echo "root's own" >"$scratch/roots/file"
ln "$scratch/roots/file" "$scratch/roots/second"
check "--log with a second name: refused" exits_with 2 as_root "$unstick" profiles --log "$scratch/roots/second"
check "  and not written to" grep -qx "root's own" "$scratch/roots/file"
touch "$scratch/shared/his" && chown 20003 "$scratch/shared/his"
check "--log of somebody else's: refused" exits_with 2 as_root "$unstick" profiles --log "$scratch/shared/his"
check "  and not written to" [ ! -s "$scratch/shared/his" ]
touch "$scratch/roots/log" && chmod 644 "$scratch/roots/log"
check "--log: root's, also of work by somebody else's rights" exits_with 0 as_root "$unstick" profiles --home "$ann" --os linux --log "$scratch/roots/log"
check "  and private from then on" [ "$(owner_of "$scratch/roots/log") $(mode_of "$scratch/roots/log")" = "0 600" ]
mkdir "$scratch/target" && ln -s "$scratch/target/report.html" "$scratch/roots/report.html"
check "--report that is a link: refused" exits_with 2 as_root "$unstick" doctor --report "$scratch/roots/report.html"
check "  what it leads to is not made" [ ! -e "$scratch/target/report.html" ]

# A journal that somebody else has put into a state folder for all.
runs=$scratch/shared/runs
cp -a "$ann/.local/state/unstick/runs" "$runs" && chown -R 20003:20003 "$runs"
run=$(ls "$runs" | grep -v lock | tail -1)
sqlite3 "$runs/$run/journal.db" "UPDATE containers SET path = '$ann/.ssh' WHERE medium = 'file'; UPDATE run SET state = 'done'"
as_ann() { setpriv --reuid 20001 --regid 20001 --clear-groups env HOME="$ann" "$@"; }
check "a journal of somebody else's in a shared --state-dir: refused" exits_with 8 as_ann "$unstick" undo --state-dir "$scratch/shared" --yes
check "  nothing is made" [ ! -e "$ann/.ssh" ]
mkdir -m 700 "$scratch/own" && mv "$runs" "$scratch/own/runs" && chown -R 20001:20001 "$scratch/own"
check "a forged journal among one's own: a problem" exits_with 3 as_ann "$unstick" undo "$run" --state-dir "$scratch/own" --yes
check "  which is named" says "not below its profile"
check "  nothing is made" [ ! -e "$ann/.ssh" ]

check "only root can do that" exits_with 8 setpriv --reuid 20001 --regid 20001 --clear-groups "$unstick" profiles --all-users
check "  and is told so" says "as root"
exit $failed
