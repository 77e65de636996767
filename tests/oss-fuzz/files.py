#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What OSS-Fuzz's linter and ClusterFuzzLite ask of the files that they read. argv[1]: the sources."""
import os
import re
import sys

ROOT = sys.argv[1]
OSS_FUZZ = ("project.yaml", "Dockerfile", "build.sh", "run_tests.sh")
LITE = ("project.yaml", "Dockerfile", "build.sh")
WORKFLOWS = {"cflite_pr.yml": "code-change", "cflite_build.yml": None, "cflite_batch.yml": "batch",
             "cflite_cron.yml": "prune"}
ALLOWED = {
    "sanitizers": {"address", "undefined", "memory", "none"},
    "fuzzing_engines": {"afl", "libfuzzer", "honggfuzz", "centipede", "none"},
    "architectures": {"x86_64", "i386", "aarch64"},
}
FAILURES = []


def expect(condition, message):
    if not condition:
        FAILURES.append(message)


def read(*names):
    with open(os.path.join(ROOT, *names)) as file:
        return file.read()


def load(text, name):
    """The little of YAML that these files use; by the library where it is installed, too."""
    values, key = {}, None
    for line in text.splitlines():
        line = line.split(" #")[0].rstrip()
        if not line or line.startswith("#"):
            continue
        item = re.fullmatch(r"  - (\S+)", line)
        pair = re.fullmatch(r"(\w+):(?: (.*))?", line)
        expect(item or pair, "%s: '%s' is neither a key nor an item" % (name, line))
        if item and key:
            values[key] = (values[key] or []) + [item.group(1)]
        elif pair:
            key = pair.group(1)
            expect(key not in values, "%s: %s is there twice" % (name, key))
            values[key] = pair.group(2).strip('"') if pair.group(2) else None
    try:
        import yaml
    except ImportError:
        return values
    expect(yaml.safe_load(text) == values, "%s: YAML reads it otherwise" % name)
    return values


def check_licences():
    for folder, names in (("scripts/oss-fuzz", OSS_FUZZ), (".clusterfuzzlite", LITE), (".github/workflows", WORKFLOWS)):
        for name in names:
            text = read(folder, name)
            expect("http://www.apache.org/licenses/LICENSE-2.0" in text and "Copyright" in text,
                   "%s/%s has no Apache header" % (folder, name))


def check_project(name):
    values = load(read(name), name)
    expect(values.get("language") == "c", "%s: the language is not c" % name)
    for key, allowed in ALLOWED.items():
        unknown = set(values.get(key) or []) - allowed
        expect(not unknown, "%s: %s: %s" % (name, key, ", ".join(unknown)))
    return values


def packages(text):
    found = re.search(r"apt-get install (.*?)&&", text, re.S)
    return found.group(1).split() if found else []


def check_dockerfile(name, base):
    text = read(name)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    expect(lines[0] == "FROM gcr.io/oss-fuzz-base/base-builder:" + base, "%s is not from the image of %s" % (name, base))
    expect(0 <= text.find("apt-get update") < text.find("apt-get install"), "%s: no apt-get update before install" % name)
    expect("WORKDIR $SRC/faultline" in lines, "%s does not work in $SRC/faultline" % name)
    return packages(text)


def check_workflow(name, mode):
    text = read(".github/workflows", name)
    expect("\t" not in text, name + " has tabs")
    expect(re.search(r"^on:$", text, re.M) and re.search(r"^jobs:$", text, re.M), name + " has no on: or no jobs:")
    expect("google/clusterfuzzlite/actions/build_fuzzers@v1" in text, name + " does not build")
    if mode:
        expect("google/clusterfuzzlite/actions/run_fuzzers@v1" in text, name + " does not run")
        expect(re.search(r"mode: %s$" % mode, text, re.M), "%s is not of mode %s" % (name, mode))
    try:
        import yaml
    except ImportError:
        return
    for job in yaml.safe_load(text)["jobs"].values():
        for step in job["steps"]:
            expect("uses" in step and step["with"]["language"] == "c" if "build_fuzzers" in step["uses"] else
                   step["with"]["mode"], "%s: step '%s'" % (name, step["name"]))


def main():
    check_licences()
    project = check_project("scripts/oss-fuzz/project.yaml")
    for key in ("homepage", "main_repo", "primary_contact"):
        expect(project.get(key), "project.yaml has no " + key)
    expect(set(project["fuzzing_engines"]) == {"libfuzzer", "afl", "honggfuzz"}, "project.yaml: other engines")
    expect(set(project["sanitizers"]) == {"address", "undefined", "memory"}, "project.yaml: other sanitizers")
    lite = check_project(".clusterfuzzlite/project.yaml")
    expect(lite["base_os_version"] == project["base_os_version"], "ClusterFuzzLite builds on another distribution")
    ours = check_dockerfile("scripts/oss-fuzz/Dockerfile", project["base_os_version"])
    theirs = check_dockerfile(".clusterfuzzlite/Dockerfile", lite["base_os_version"])
    expect(ours and ours == theirs, "the Dockerfiles install different packages")
    expect(any(package.startswith("linux-source") for package in ours), "the Dockerfiles install no kernel source")
    commands = [line for line in read(".clusterfuzzlite/build.sh").splitlines() if line and not line.startswith("#")]
    expect(commands == ['exec bash -eux "$SRC/faultline/scripts/oss-fuzz/build.sh"'],
           ".clusterfuzzlite/build.sh does something of its own")
    for name, mode in WORKFLOWS.items():
        check_workflow(name, mode)
    for failure in FAILURES:
        print("FAILED: " + failure, file=sys.stderr)
    return 1 if FAILURES else 0


sys.exit(main())
