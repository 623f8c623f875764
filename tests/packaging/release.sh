#!/usr/bin/env bash
# What ./scripts/release makes of the templates is what Homebrew, Scoop and winget can read, and names the files it has.
#     tests/packaging/release.sh SOURCE
set -euo pipefail
cd "$1"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
version=$(sed -n 's/^project(unstick VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
mkdir "$scratch/out"
if ./scripts/release "$scratch/out" https://example.invalid/v1 https://example.invalid >/dev/null 2>&1; then
    echo "FAILED: released without the program for Windows"; exit 1
fi
echo "source" >"$scratch/out/unstick-$version.tar.gz"
echo "program" >"$scratch/out/unstick-$version-windows-x86_64.zip"
if ./scripts/release "$scratch/out" https://example.invalid/v1 https://example.invalid >/dev/null 2>&1; then
    echo "FAILED: released without the list of what is in the program for Windows"; exit 1
fi
echo "{}" >"$scratch/out/unstick-$version-windows-x86_64.zip.cdx.json"
if command -v dpkg-deb >/dev/null; then
    for address in nobody@example.invalid somebody@example.org; do
        mkdir -p "$scratch/deb/DEBIAN"
        printf 'Package: unstick\nVersion: 1\nArchitecture: all\nMaintainer: us <%s>\nDescription: x\n' "$address" >"$scratch/deb/DEBIAN/control"
        dpkg-deb --build "$scratch/deb" "$scratch/out/unstick_1_all.deb" >/dev/null
        echo "{}" >"$scratch/out/unstick_1_all.deb.cdx.json"
        code=0
        ./scripts/release "$scratch/out" https://example.invalid/v1 https://example.invalid >/dev/null 2>&1 || code=$?
        [ "$address $code" = "nobody@example.invalid 1" ] || [ "$address $code" = "somebody@example.org 0" ] ||
            { echo "FAILED: a package of $address: exit code $code"; exit 1; }
    done
fi
./scripts/release "$scratch/out" https://example.invalid/v1 https://example.invalid

(cd "$scratch/out" && sha256sum --check --quiet SHA256SUMS)
python3 - "$scratch/out" "$version" <<'PYTHON'
import hashlib, json, pathlib, re, sys
out, version = pathlib.Path(sys.argv[1]), sys.argv[2]
digest = lambda name: hashlib.sha256((out / name).read_bytes()).hexdigest()
windows, source = f"unstick-{version}-windows-x86_64.zip", f"unstick-{version}.tar.gz"

scoop = json.loads((out / "scoop/unstick.json").read_text())
assert scoop["version"] == version and scoop["bin"] == "bin\\unstick.exe", scoop
assert scoop["architecture"]["64bit"] == {"url": f"https://example.invalid/v1/{windows}", "hash": digest(windows)}, scoop

assert scoop["checkver"]["url"] == "https://example.invalid" and re.search(scoop["checkver"]["regex"], windows)[1] == version, scoop
assert scoop["autoupdate"]["architecture"]["64bit"]["url"] == "https://example.invalid/v1/unstick-$version-windows-x86_64.zip", scoop
assert scoop["autoupdate"]["hash"] == {"url": "$baseurl/SHA256SUMS"}, scoop
assert digest(windows) in (out / "SHA256SUMS").read_text(), "the sums that Scoop reads"

formula = (out / "homebrew/unstick.rb").read_text()
assert f'url "https://example.invalid/v1/{source}"\n  sha256 "{digest(source)}"\n' in formula, formula

for file in out.rglob("*"):
    assert file.parent == out or not file.is_file() or not re.search(r"@[A-Z_0-9]+@", file.read_text()), file
try:
    import yaml
except ImportError:
    print("no PyYAML: winget's files were not read")
    sys.exit()
winget = {file.name: yaml.safe_load(file.read_text()) for file in (out / "winget").glob("*.yaml")}
assert {entry["ManifestType"] for entry in winget.values()} == {"version", "defaultLocale", "installer"}, winget
assert all(entry["PackageVersion"] == version for entry in winget.values()), winget
# What schemas 1.12.0 of these three kinds have (github.com/microsoft/winget-cli, schemas/JSON/manifests/v1.12.0), of that what
# a portable program in an archive needs.
known = {
    "version": "DefaultLocale",
    "installer": "Platform MinimumOSVersion InstallerType NestedInstallerType NestedInstallerFiles Commands UpgradeBehavior"
                 " ReleaseDate Installers",
    "defaultLocale": "PackageLocale Publisher PublisherUrl PublisherSupportUrl Author PackageName PackageUrl License LicenseUrl"
                     " Copyright ShortDescription Description Moniker Tags ReleaseNotesUrl Documentations",
}
for entry in winget.values():
    common = {"PackageIdentifier", "PackageVersion", "ManifestType", "ManifestVersion"}
    assert set(entry) == common | set(known[entry["ManifestType"]].split()), set(entry) ^ common
    assert entry["ManifestVersion"] == "1.12.0", entry
locale = winget["Unstick.Unstick.locale.en-US.yaml"]
assert all(1 <= len(tag) <= 40 and " " not in tag for tag in locale["Tags"]) and len(locale["Tags"]) <= 16, locale
assert 3 <= len(locale["ShortDescription"]) <= 256 and locale["Publisher"], locale
installer = winget["Unstick.Unstick.installer.yaml"]["Installers"][0]
assert installer["InstallerSha256"] == digest(windows) and installer["InstallerUrl"].endswith(windows), installer
PYTHON
if command -v ruby >/dev/null; then
    ruby -c "$scratch/out/homebrew/unstick.rb"
else
    echo "no Ruby: the formula was not read"
fi
