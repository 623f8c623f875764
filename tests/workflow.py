#!/usr/bin/env python3
"""The workflows parse, ask for no more rights than reading, and name actions by commit; the labels that they leave out
and the scripts that they run exist. They cannot be run here. Ends with 77 (skipped) without PyYAML.
    tests/workflow.py SOURCE"""
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    print("no PyYAML: the workflows were not read")
    sys.exit(77)

source = pathlib.Path(sys.argv[1])
labels = {"long", "browser"} | set(re.findall(r"LABELS (\w+)", (source / "tests/CMakeLists.txt").read_text()))
files = sorted((source / ".github/workflows").glob("*.yml"))
assert files, "no workflow"
for file in files:
    workflow = yaml.safe_load(file.read_text())
    assert workflow["permissions"] == {"contents": "read"}, file
    assert workflow[True], "YAML reads `on` as true"
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 120, name
        assert "latest" not in str(job["runs-on"]), f"{name}: a runner that changes by itself"
        for step in job["steps"]:
            action, run = step.get("uses", ""), step.get("run", "")
            assert bool(action) != bool(run), f"{name}: {step}"
            assert not action or re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action), f"{name}: {action} is not one commit"
            assert "${{" not in run, f"{name}: what comes from outside has to go through a variable: {run}"
            if action.startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, name
            for script in re.findall(r"\./scripts/\w+", run):
                assert (source / script).is_file(), f"{name}: {script}"
            for left_out in re.findall(r"-LE '([^']+)'", run):
                assert set(left_out.split("|")) - {"windows"} <= labels, f"{name}: {left_out}"
    print(f"ok: {file.relative_to(source)}")
