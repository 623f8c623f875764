#!/usr/bin/env bash
# The MSI, installed, replaced by a newer one and removed by wine's own msiexec, in the jail that keeps it from everything else
# (tests/windows/jail). What Windows' would do nobody has seen. Needs root, wine and wixl; ends with 77 (skipped) without.
#     tests/packaging/msi_install.sh SOURCE
set -euo pipefail
cd "$1"
[ "$(id -u)" = 0 ] || { echo "not root: not installed"; exit 77; }
for program in wixl msibuild wine wineserver unshare; do
    command -v $program >/dev/null || { echo "no $program: not installed"; exit 77; }
done
installer=$(find /usr/lib -path '*/wine/x86_64-windows/msiexec.exe' 2>/dev/null | head -1)
[ -n "$installer" ] || { echo "no msiexec of wine: not installed"; exit 77; }
. tests/packaging/checks.sh
make_msi() {  # NAME VERSION: another program each
    mkdir -p "$scratch/$1"
    head -c 20000 /dev/urandom >"$scratch/$1/unstick.exe"
    echo "notices" >"$scratch/$1/THIRD-PARTY"
    echo "completions" >"$scratch/$1/unstick.ps1"
    UNSTICK_MSI_VERSION=$2 ./scripts/msi "$scratch/$1/unstick.exe" "$scratch/$1/THIRD-PARTY" "$scratch/$1/unstick.ps1" "$scratch/$1" >/dev/null
    cp "$scratch/$1"/unstick-*.msi "$scratch/$1.msi"
}
make_msi older 0.0.1
make_msi newer 0.0.2
jail=$scratch/jail drive=$scratch/jail/prefix/drive_c
msiexec() { JAIL_WITH="$scratch/older.msi $scratch/newer.msi" tests/windows/jail "$jail" "$installer" "$@" /qn; }
program="$drive/Program Files/unstick/unstick.exe"
in_path() { grep -q '^"PATH"=.*Program Files\\\\unstick' "$jail/prefix/system.reg"; }
check "it can be installed" msiexec /i 'C:\app\older.msi'
check "  the program is there" cmp "$scratch/older/unstick.exe" "$program"
check "  its notices too" cmp "$scratch/older/THIRD-PARTY" "$drive/Program Files/unstick/THIRD-PARTY.txt"
check "  its completions for PowerShell, too" cmp "$scratch/older/unstick.ps1" "$drive/Program Files/unstick/completions/unstick.ps1"
check "  its folder is in PATH" in_path
check "a newer one takes its place" msiexec /i 'C:\app\newer.msi'
check "  the program is the newer one" cmp "$scratch/newer/unstick.exe" "$program"
check "it can be removed" msiexec /x 'C:\app\newer.msi'
check "  the program is gone" [ ! -e "$program" ]
check "  the completions, too" [ ! -e "$drive/Program Files/unstick/completions" ]
gone_from_path() { ! in_path; }
check "  its folder is not in PATH any more" gone_from_path
exit $failed
