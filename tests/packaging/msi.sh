#!/usr/bin/env bash
# The MSI: built of a file that stands in for the program, its tables looked into, its files taken out again. Nothing here
# installs it. Ends with 77 (skipped) without wixl and msitools.
#     tests/packaging/msi.sh SOURCE
set -euo pipefail
cd "$1"
for program in wixl msiinfo msiextract; do
    command -v $program >/dev/null || { echo "no $program: the MSI was not made"; exit 77; }
done
. tests/packaging/checks.sh
head -c 100000 /dev/urandom >"$scratch/unstick.exe"
echo "notices" >"$scratch/THIRD-PARTY"
echo "completions" >"$scratch/unstick.ps1"
msi=$(UNSTICK_MAINTAINER="Ann & Co. <ann@example.org>" ./scripts/msi "$scratch/unstick.exe" "$scratch/THIRD-PARTY" "$scratch/unstick.ps1" "$scratch")
version=$(sed -n 's/^project(unstick VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
row() { msiinfo export "$msi" "$1" | tr -d '\r' | grep -E -- "$2"; }  # TABLE PATTERN; columns are parted by tabs
tab=$(printf '\t')
check "it is named by version and processor" [ "$(basename "$msi")" = "unstick-$version-windows-x86_64.msi" ]
check "it is for 64 bits" sh -c 'msiinfo suminfo "$0" | grep -E "^Template: *x64;1033"' "$msi"
check "version" row Property "^ProductVersion$tab$version\$"
check "who made it" row Property "^Manufacturer${tab}Ann & Co\.\$"
check "for all users" row Property "^ALLUSERS${tab}1\$"
check "the code by which versions replace each other stays" row Property "^UpgradeCode$tab\{9F2C1E64-7B0D-5D0E-9C35-6E1D5C6E4A10\}\$"
check "an older version goes" row Upgrade "^\{9F2C1E64-7B0D-5D0E-9C35-6E1D5C6E4A10\}"
check "a newer one is not replaced" row LaunchCondition "A newer unstick is installed"
check "it goes to Program Files" row Directory "^INSTALLDIR${tab}ProgramFiles64Folder$tab(.*\|)?unstick\$"
check "a component of 64 bits" row Component "^Program$tab\{.*\}${tab}INSTALLDIR${tab}256$tab"
check "its folder is in PATH, of the computer, and goes with it" row Environment "^Path$tab=-\*PATH$tab\[~\];\[INSTALLDIR\]${tab}Program"
check "  when it is installed" row InstallExecuteSequence "^WriteEnvironmentStrings$tab.*5200"
check "  and removed" row InstallExecuteSequence "^RemoveEnvironmentStrings$tab.*3300"
again=$(mkdir "$scratch/again" && ./scripts/msi "$scratch/unstick.exe" "$scratch/THIRD-PARTY" "$scratch/unstick.ps1" "$scratch/again")
check "the same version has the same code" [ "$(row Property ^ProductCode)" = "$(msi=$again row Property ^ProductCode)" ]
mkdir "$scratch/out"
(cd "$scratch/out" && msiextract "$msi" >/dev/null)
file() { find "$scratch/out" -name "$1"; }
check "the program is in it as it was" cmp "$scratch/unstick.exe" "$(file unstick.exe)"
check "the licence" cmp LICENSE "$(file LICENSE.txt)"
check "the notices" cmp "$scratch/THIRD-PARTY" "$(file THIRD-PARTY.txt)"
check "the completions for PowerShell" cmp "$scratch/unstick.ps1" "$(file unstick.ps1)"
check "  not in PATH, where they would be taken for the program" row Directory "^COMPLETIONSDIR${tab}INSTALLDIR$tab(.*\|)?completions\$"
check "  in that folder" row Component "^Completions$tab\{.*\}${tab}COMPLETIONSDIR$tab"
exit $failed
