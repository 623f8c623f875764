# What the tests in this folder have in common: a folder that goes when they end, and a line for each check. Sourced; the
# test ends with `exit $failed`.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
check() {  # WHAT COMMAND...
    if "${@:2}" >"$scratch/output" 2>&1; then echo "ok: $1"; else echo "FAILED: $1"; sed 's/^/    /' "$scratch/output"; failed=1; fi
}
nothing() { [ -z "$("$@" | tee /dev/stderr)" ]; }  # COMMAND...: it says nothing
