# SPDX-License-Identifier: GPL-2.0-or-later
"""Crash files with labels against a triage of them: as many findings as causes and places, none split, none merged.

labelled.py [--update] --subjects N [--count N] [--names FILE] FOLDER STORE TRIAGE.json
FOLDER/labels is make_crashes'. With --names the findings' names are compared, too, or with --update written.
"""
import argparse
import collections
import json
import os
import sqlite3

parser = argparse.ArgumentParser()
parser.add_argument("--update", action="store_true")
parser.add_argument("--count", type=int)
parser.add_argument("--subjects", type=int, required=True, help="at least so many must be there")
parser.add_argument("--names")
parser.add_argument("folder")
parser.add_argument("store")
parser.add_argument("report")
options = parser.parse_args()

# What the labels say: of each file its subject, the invariant that it was produced for, where, and all that it
# breaks. Two files of one subject with the same bytes are one input.
Label = collections.namedtuple("Label", "subject invariant places broken")
labels, contents = {}, set()
for line in open(os.path.join(options.folder, "labels")):
    path, subject, invariant, places, broken = line.rstrip("\n").split("\t")
    content = subject, open(os.path.join(options.folder, path), "rb").read()
    if content in contents:
        continue
    contents.add(content)
    key = subject, os.path.basename(path)
    assert key not in labels, f"two files are called {key}"
    labels[key] = Label(subject, invariant, frozenset(filter(None, places.split("|"))), set(broken.split()))
subjects = {label.subject for label in labels.values()}
assert len(subjects) >= options.subjects, subjects

# What the store says. Files of the same bytes are one input under one of their names.
hits = collections.defaultdict(set)
for name, subject, signature in sqlite3.connect(options.store).execute("SELECT name, subject, signature FROM hit"):
    hits[subject, name].add(signature)


def invariant_of(signature):
    return signature.split()[0]


def produced(key):
    """What its finding is called, of the invariant that the file was produced for."""
    return {signature for signature in hits[key] if invariant_of(signature) == labels[key].invariant}


called = {}
for key, label in labels.items():
    got = {invariant_of(signature) for signature in hits[key]}
    assert got == label.broken, f"{key}: {got}, by its label {label.broken}"
    if len(label.places) == 1:
        place = label.subject, label.invariant, *label.places
        assert len(produced(key)) == 1, f"{place} is split: {key} is {produced(key)}"
        names = called.setdefault(place, produced(key))
        assert names == produced(key), f"{place} is split: {names} and {produced(key)}"
for key, label in labels.items():
    # One that breaks it at two places has the names of both.
    places = [(label.subject, label.invariant, place) for place in label.places]
    if places and all(place in called for place in places):
        names = set().union(*(called[place] for place in places))
        assert produced(key) == names, f"{key}: {produced(key)}, by its places {names}"
owners = collections.defaultdict(set)
for (subject, invariant, place), (signature,) in called.items():
    owners[subject, signature].add(place)
merged = {key: places for key, places in owners.items() if len(places) > 1}
assert not merged, f"merged: {merged}"

report = json.load(open(options.report))
assert report["complete"] and not report["quiet"] and not report["died"], report
found = {(finding["subject"], finding["signature"]) for finding in report["findings"]}
follow = found - set(owners)
told = sum(1 for label in labels.values() if label.places)
print(f"{len(labels)} inputs of {len(subjects)} subjects, {told} with a place: {len(owners)} findings of as many "
      f"causes and places, {len(follow)} others")
if options.count:
    # The right number: every place is told, and of a cause's invariant there is no finding besides these.
    assert options.count == told == report["inputs"], (told, report["inputs"])
    caused = {(label.subject, label.invariant) for label in labels.values()}
    more = {(subject, signature) for subject, signature in follow if (subject, invariant_of(signature)) in caused}
    assert not more, f"nobody's: {more}"
if options.names:
    rows = {(subject, f"{invariant}: {place}", *names) for (subject, invariant, place), names in called.items()}
    # Sanitizers see more of these than plain builds do.
    rows |= {(subject, "follows", name) for subject, name in follow if invariant_of(name) != "memory-error"}
    if options.update:
        head = [line for line in open(options.names) if line.startswith("#")]
        with open(options.names, "w") as file:
            file.write("".join(head + ["\t".join(row) + "\n" for row in sorted(rows)]))
    wanted = {tuple(line.rstrip("\n").split("\t")) for line in open(options.names) if not line.startswith("#")}
    assert rows == wanted, f"missing {wanted - rows}, more {rows - wanted}"
