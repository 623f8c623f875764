#!/usr/bin/env bash
# The scripts for Jamf, with stand-ins for the programs of a Mac that they call. Not run on a Mac.
#     tests/fleet/jamf_test.sh UNSTICK PROFILE_TOOL
set -euo pipefail
unstick=$(realpath "$1") fixture=$(realpath "$2")
jamf=$(cd "$(dirname "$0")/../../fleet/jamf" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
check() {  # WHAT COMMAND...
    if "${@:2}"; then echo "ok: $1"; else echo "FAILED: $1"; failed=1; fi
}

stand_in() { printf '#!/bin/sh\n%s\n' "$2" >"$scratch/$1/$3" && chmod +x "$scratch/$1/$3"; }
mkdir -p "$scratch/mac" "$scratch/recorder" "$scratch/home/Library/Logs"
stand_in mac '[ "$*" = "-f %Su /dev/console" ] && cat "'"$scratch"'/console"' stat
dscl_says_home() {
    stand_in mac '[ "$*" = ". -read /Users/ann NFSHomeDirectory" ] && echo "NFSHomeDirectory: '"$scratch"'/home"' dscl
}
dscl_says_home
stand_in mac '[ "$*" = "-u ann" ] && echo 501' id
stand_in mac '[ "$1 $2" = "asuser 501" ] || exit 99; shift 2; exec "$@"' launchctl
stand_in mac '[ "$1 $2 $3" = "-H -u ann" ] || exit 99; shift 3; HOME="'"$scratch"'/home" exec "$@"' sudo
# Instead of unstick: writes down how it was called, and ends with the code it was given.
stand_in recorder 'printf "%s|" "$@" >"'"$scratch"'/called"; exit "$(cat "'"$scratch"'/code")"' unstick
echo ann >"$scratch/console"

policy() {  # CODE-OF-UNSTICK PARAMETERS FROM $4 ON...: the exit code of the policy's script
    echo "$1" >"$scratch/code"
    : >"$scratch/called"
    PATH="$scratch/mac:$scratch/recorder:/usr/bin:/bin" "$jamf/unstick.sh" / "Ann's Mac" ann "${@:2}" >"$scratch/output" 2>&1
}
attribute() {  # CODE-OF-UNSTICK
    echo "$1" >"$scratch/code"
    PATH="$scratch/mac:$scratch/recorder:/usr/bin:/bin" "$jamf/extension-attribute.sh" >"$scratch/output"
}
ends_with() {  # CODE COMMAND...
    local code=0
    "${@:2}" || code=$?
    [ "$code" = "$1" ] || { echo "exit code $code, not $1:"; cat "$scratch/output"; false; }
}
called_with() { [ "$(cat "$scratch/called")" = "$1" ] || { cat "$scratch/called"; false; }; }
says() { grep -qxF -- "$1" "$scratch/output" || { cat "$scratch/output"; false; }; }
log="$scratch/home/Library/Logs/unstick.log"

check "policy: a site alone" ends_with 0 policy 0 stuck.test
check "  is a fix with the usual options" called_with "fix|stuck.test|--no-color|--retest|http|--log|$log|--yes|"
check "policy: all parameters" ends_with 0 policy 0 stuck.test fix cookies,cache yes none
check "  are passed on" called_with "fix|stuck.test|--no-color|--retest|none|--log|$log|--yes|--only|cookies,cache|--close|"
check "policy: why" ends_with 0 policy 10 stuck.test why cookies yes
check "  only looks" called_with "why|stuck.test|--no-color|--retest|http|--log|$log|"
check "policy: nothing of the site is no failure" ends_with 0 policy 9 stuck.test
for code in 1 2 3 4 5 6 7 8; do
    check "policy: $code is passed on" ends_with "$code" policy "$code" stuck.test
done
check "  and said" says "unstick: exit code 8"
stand_in mac 'printf "NFSHomeDirectory:\\n /Users/Ann Example\\n"' dscl
check "policy: a home folder with a space, which dscl says on a line of its own" ends_with 0 policy 0 stuck.test why
check "  has the log" called_with "why|stuck.test|--no-color|--retest|http|--log|/Users/Ann Example/Library/Logs/unstick.log|"
dscl_says_home
for wrong in "" "--all-users" "a.com remove" "a.com fix cookies maybe"; do
    read -ra words <<<"$wrong"
    check "policy: '$wrong' is refused" ends_with 2 policy 0 "${words[@]}"
    check "  and unstick is not called" called_with ""
done
for nobody in root loginwindow ""; do
    echo "$nobody" >"$scratch/console"
    check "policy: '$nobody' at the screen is nobody" ends_with 0 policy 0 stuck.test
    check "  and unstick is not called" called_with ""
    attribute 0
    check "  attribute: nobody" says "<result>nobody signed in</result>"
done
echo ann >"$scratch/console"

while read -r code word; do
    attribute "$code"
    check "attribute: $code is '$word'" says "<result>$word</result>"
done <<'WORDS'
0 nothing wrong
9 nothing wrong
10 needs fix
3 could not look everywhere
8 not known (exit code 8)
WORDS
check "attribute: it looks and does not ask the site" called_with "why|intranet.example|--quiet|--retest|none|"
PATH="$scratch/mac:/usr/bin:/bin" "$jamf/extension-attribute.sh" >"$scratch/output"
check "attribute: no unstick" says "<result>not installed</result>"

# The real unstick, in a home folder of this system's layout.
"$fixture" make "$scratch/home"
ln -sf "$unstick" "$scratch/recorder/unstick"
check "policy, with unstick itself" ends_with 0 policy 0 stuck.test fix cookies no none
cat "$scratch/output"
check "  again: nothing is left" ends_with 0 policy 0 stuck.test fix cookies no none
check "  the log has one report a run" python3 -c '
import json, sys
text, codes = open(sys.argv[1]).read(), []
while text.strip():
    report, end = json.JSONDecoder().raw_decode(text)
    text = text[end:].lstrip()
    codes.append(report["exit_code"])
assert codes == [0, 9], codes
' "$log"
exit $failed
