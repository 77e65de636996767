# SPDX-License-Identifier: GPL-2.0-or-later
# Are these what readers of SARIF, JUnit's XML and KTAP expect? triage_forms.py SARIF JUNIT KTAP COUNT SOURCE
import json, os, re, sys, xml.etree.ElementTree

sarif, junit, ktap, count, source = sys.argv[1:4] + [int(sys.argv[4]), sys.argv[5]]

log = json.load(open(sarif))
assert log["version"] == "2.1.0" and len(log["runs"]) == 1
run = log["runs"][0]
rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
assert len(set(rules)) == len(rules) > 20
assert len(run["results"]) == count
prints = set()
for result in run["results"]:
    assert rules[result["ruleIndex"]] == result["ruleId"]
    assert result["message"]["text"].startswith(result["ruleId"])
    prints.add(result["partialFingerprints"]["primaryLocationLineHash"])
    assert result["baselineState"] == "unchanged" and result["suppressions"][0]["justification"] == "all are known"
    for location in result["locations"]:
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        text = open(os.path.join(source, uri)).read()
        for logical in location["logicalLocations"]:
            assert re.search(r"\b%s\b" % logical["name"], text), f"{logical['name']} is not in {uri}"
    (flow,) = result["codeFlows"]
    threads = flow["threadFlows"]
    assert len(threads) > 1 and len({thread["id"] for thread in threads}) == len(threads)
    places = [place for thread in threads for place in thread["locations"]]
    assert 0 < len(places) <= 1000
    for thread in threads:
        orders = [place["executionOrder"] for place in thread["locations"]]
        assert orders == sorted(orders)
    orders = [place["executionOrder"] for place in places]
    assert len(set(orders)) == len(orders)
    last = max(places, key=lambda place: place["executionOrder"])
    assert "BROKEN" in last["location"]["message"]["text"], last
    functions = {logical["name"] for place in places for logical in place["location"].get("logicalLocations", [])}
    assert "arm_smmu_context_fault" in functions or "arm_smmu_runtime_suspend" in functions, functions
assert len(prints) == count

suites = xml.etree.ElementTree.parse(junit).getroot()
assert int(suites.get("tests")) == len(suites.findall(".//testcase")) == count
assert int(suites.get("skipped")) == len(suites.findall(".//skipped")) == count

lines = open(ktap).read().split("\n")
assert lines[0] == "KTAP version 1"
plan = int(lines[1].removeprefix("1.."))
assert sum(bool(re.match(r"(not )?ok \d+ core:", line)) for line in lines) == plan == len(suites)
assert sum(bool(re.match(r"    (not )?ok \d+ .* # SKIP all are known$", line)) for line in lines) == count
