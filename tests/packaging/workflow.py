#!/usr/bin/env python3
"""The workflows parse, ask for no more rights than reading, and name actions by commit; the labels that they leave out
and the scripts that they run exist. The issue forms are such, and ask for what helps. They cannot be run here. Ends with 77 (skipped) without PyYAML.
    tests/packaging/workflow.py SOURCE"""
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    print("no PyYAML: the workflows were not read")
    sys.exit(77)

source = pathlib.Path(sys.argv[1])


def check_form(file):
    """As GitHub's syntax for issue forms has it: https://docs.github.com/communities/using-templates-to-encourage-useful-
    issues-and-pull-requests/syntax-for-issue-forms"""
    form = yaml.safe_load(file.read_text())
    assert set(form) <= {"name", "description", "title", "labels", "assignees", "body"}, file
    assert form["name"] and form["description"], file
    ids = [entry["id"] for entry in form["body"] if entry["type"] != "markdown"]
    assert ids and len(ids) == len(set(ids)), f"{file}: {ids}"
    for entry in form["body"]:
        assert set(entry) <= {"type", "id", "attributes", "validations"}, f"{file}: {entry}"
        assert entry["type"] in ("markdown", "textarea", "input", "dropdown", "checkboxes"), f"{file}: {entry}"
        attributes = entry["attributes"]
        assert attributes.get("value" if entry["type"] == "markdown" else "label"), f"{file}: {entry}"
        assert entry["type"] != "checkboxes" or all(option["label"] for option in attributes["options"]), f"{file}: {entry}"
    text = file.read_text()
    assert "unstick doctor --json" in text and "value of a cookie" in text, f"{file}: asks for what helps, and for no secret"


# The versions of actions that still run on Node 20, which runners lose.
on_node_20 = ["actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02",
              "actions/cache@0057852bfaa89a56745cba8c7296529d2fc39830"]
forms = [file for file in sorted((source / ".github/ISSUE_TEMPLATE").glob("*.yml")) if file.name != "config.yml"]
assert len(forms) >= 2, "no issue forms"
for file in forms:
    check_form(file)
    print(f"ok: {file.relative_to(source)}")
labels = {"long", "browser"} | set(re.findall(r"LABELS (\w+)", (source / "tests/CMakeLists.txt").read_text()))
files = sorted((source / ".github/workflows").glob("*.yml"))
assert files, "no workflow"
for file in files:
    workflow = yaml.safe_load(file.read_text())
    assert workflow["permissions"] == {"contents": "read"}, file
    more = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    drafts = {"contents": "write", "id-token": "write", "attestations": "write"}
    assert more == ({"publish": drafts} if file.name == "release.yml" else {}), f"{file}: {more}"
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
            assert not action.startswith(tuple(on_node_20)), f"{name}: {action} runs on Node 20"
            for script in re.findall(r"scripts/[a-z-]+", run):
                assert (source / script).is_file(), f"{name}: {script}"
            for left_out in re.findall(r"-LE '([^']+)'", run):
                assert set(left_out.split("|")) - {"windows"} <= labels, f"{name}: {left_out}"
    print(f"ok: {file.relative_to(source)}")
