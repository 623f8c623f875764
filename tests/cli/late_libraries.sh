#!/usr/bin/env bash
# libcurl is loaded by those commands alone that ask a page; where it cannot be loaded they say so, and the others work.
# late_libraries.sh UNSTICK. Ends with 1 if something is wrong.
set -uo pipefail
unstick="$1"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
failures=0

check() {  # WHAT COMMAND...
    local what="$1"
    shift
    if ! "$@"; then
        echo "FAILED: $what"
        failures=$((failures + 1))
    fi
}

# ends_with CODE WORDS ARGUMENT...: with a libcurl that is none.
ends_with() {
    local code="$1" words="$2" said
    shift 2
    said="$(LD_LIBRARY_PATH="$scratch/none" "$unstick" "$@" --home "$scratch" --os linux --state-dir "$scratch/state" 2>&1)"
    local got=$?
    if [[ $got != "$code" || "$(tr '\n' ' ' <<<"$said" | tr -s ' ')" != *"$words"* ]]; then
        echo "$got: $said"
        return 1
    fi
}
loads_curl() { [[ "$(LD_DEBUG=files "$unstick" "$@" 2>&1)" == *libcurl* ]]; }

mkdir -p "$scratch/none" "$scratch/.config/chromium/Default"
echo "not a library" >"$scratch/none/libcurl.so.4"
echo '{"profile":{"info_cache":{"Default":{"name":"Person 1"}}}}' >"$scratch/.config/chromium/Local State"
echo '{}' >"$scratch/.config/chromium/Default/Preferences"

check "a question loads libcurl" loads_curl test http://127.0.0.1:1/ --timeout 1
for command in --version profiles runs "fix nothing.test --dry-run --retest none"; do
    # shellcheck disable=SC2086  # words
    if loads_curl $command --home "$scratch" --os linux --state-dir "$scratch/state"; then
        check "$command loads no libcurl" false
    fi
done
check "test says what is missing" ends_with 2 "libcurl cannot be loaded" test http://127.0.0.1:1/
check "fix says what to install" ends_with 2 "libcurl4" fix nothing.test --yes
check "why says so, too" ends_with 2 "libcurl cannot be loaded" why http://127.0.0.1:1/
check "profiles needs none" ends_with 0 "1 profile found" profiles
check "nor does fix without a question" ends_with 9 "" fix nothing.test --yes --retest none
check "nor does --version" test "$(LD_LIBRARY_PATH="$scratch/none" "$unstick" --version | head -c 7)" = unstick
((failures == 0)) && echo "late libraries: all as it should be"
exit $((failures > 0))
