#!/usr/bin/env bash
# What ./scripts/release makes of the templates is what Homebrew, Scoop and winget can read, and names the files it has.
#     tests/release.sh SOURCE
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

formula = (out / "homebrew/unstick.rb").read_text()
assert f'url "https://example.invalid/v1/{source}"\n  sha256 "{digest(source)}"\n' in formula, formula

for file in out.rglob("*"):
    assert not file.is_file() or not re.search(r"@[A-Z_0-9]+@", file.read_text()), file
try:
    import yaml
except ImportError:
    print("no PyYAML: winget's files were not read")
    sys.exit()
winget = {file.name: yaml.safe_load(file.read_text()) for file in (out / "winget").glob("*.yaml")}
assert {entry["ManifestType"] for entry in winget.values()} == {"version", "defaultLocale", "installer"}, winget
assert all(entry["PackageVersion"] == version for entry in winget.values()), winget
installer = winget["Unstick.Unstick.installer.yaml"]["Installers"][0]
assert installer["InstallerSha256"] == digest(windows) and installer["InstallerUrl"].endswith(windows), installer
PYTHON
if command -v ruby >/dev/null; then
    ruby -c "$scratch/out/homebrew/unstick.rb"
else
    echo "no Ruby: the formula was not read"
fi
