#!/usr/bin/env python3
"""Prints `PASSED FAILED SKIPPED` of test cases out of what a runner wrote.

    count_results.py ctest JUNIT.xml FOLDER    ctest's own file, and gtest's NAME.json in FOLDER
    count_results.py vitest RESULTS.json
"""
import collections
import json
import pathlib
import sys
import xml.etree.ElementTree


def gtest_cases(path):
    for suite in json.loads(path.read_text())["testsuites"]:
        for case in suite["testsuite"]:
            if case.get("failures"):
                yield "failed"
            elif case["result"] == "COMPLETED":
                yield "passed"
            else:
                yield "skipped"


def ctest_cases(junit, folder):
    """A binary that failed although each of its cases passed, or that died before it wrote them
    down, counts as one failed case."""
    for entry in xml.etree.ElementTree.parse(junit).getroot().iter("testcase"):
        failed = entry.get("status") == "fail"
        details = pathlib.Path(folder) / f"{entry.get('name')}.json"
        cases = list(gtest_cases(details)) if details.exists() else []
        yield from cases
        if failed and "failed" not in cases:
            yield "failed"
        elif not cases:
            yield "passed" if entry.get("status") == "run" else "skipped"


def vitest_cases(path):
    for file in json.loads(pathlib.Path(path).read_text())["testResults"]:
        states = [case["status"] for case in file["assertionResults"]]
        for state in states:
            yield state if state in ("passed", "failed") else "skipped"
        if file["status"] == "failed" and "failed" not in states:
            yield "failed"


def main():
    kind, *arguments = sys.argv[1:]
    counts = collections.Counter({"ctest": ctest_cases, "vitest": vitest_cases}[kind](*arguments))
    print(counts["passed"], counts["failed"], counts["skipped"])


if __name__ == "__main__":
    main()
