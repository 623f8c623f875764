#!/usr/bin/env bash
# What bash completes after `eval "$(unstick help bash)"`; and fish, where it is installed.
#     completions.sh UNSTICK PROFILE_TOOL
set -u
unstick=$(realpath "$1")
tool=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/home" && ln -s "$unstick" "$folder/bin/unstick"
export PATH=$folder/bin:$PATH HOME=$folder/home
unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME
failed=0

is() {  # WANTED LINE GOT
    [ "$1" = "$3" ] || { echo "'$2' completes to '$3', not to '$1'"; failed=1; }
}

bash_completes() {  # WANTED WORD...: the last word is the one that is being typed
    is "$1" "${*:2}" "$(
        eval "$(unstick help bash)"
        COMP_WORDS=(unstick "${@:2}")
        COMP_CWORD=$(($# - 1))
        _unstick unstick
        echo "${COMPREPLY[*]}"
    )"
}

"$tool" make "$folder/home" >/dev/null || exit 1
unstick fix stuck.test --retest none --yes >/dev/null
run=$(unstick runs --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["runs"][0]["run"])') || exit 1

while read -r line; do
    # shellcheck disable=SC2086  # one word each
    bash_completes "${line#*: }" ${line%%:*}
done <<END
und: undo
why --js: --json
fix a.com --retest cl: clean
test a.com --retest b: browser
fix a.com --browser chromium-d: chromium-dev
why a.com --browser edge,brave-b: edge,brave-beta
fix a.com --only coo: cookies
fix a.com --only cookies,ca: cookies,cache
fix a.com --rule dead-t: dead-token
help w: why
help zs: zsh
undo 2: $run
END
if command -v fish >/dev/null; then
    fish_completes() {
        is "$1" "$2" "$(fish -c "unstick help fish | source; complete --do-complete 'unstick $2'" | cut -f 1 | xargs)"
    }
    fish_completes "browser" "test a.com --retest b"
    fish_completes "edge,brave-beta" "why a.com --browser edge,brave-b"
    fish_completes "zsh" "help zs"
    fish_completes "$run" "undo 2"
fi
exit $failed
