"""Runs `compotastic sim` over many seeds on all cores, for the acceptance tests beside it."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

from checks import verdict  # noqa: F401 (for those who import us)

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def program():
    """The newest build of the command; COMPOTASTIC names another."""
    named = os.environ.get("COMPOTASTIC")
    built = [pathlib.Path(named)] if named else [
        ROOT / "build" / preset / "compotastic" for preset in ("release", "dev")]
    found = [path for path in built if path.exists()]
    if not found:
        sys.exit("build it first: cmake --workflow --preset release")
    return str(found[0])


def run_one(arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        return {"outcome": "failed", "reason": done.stderr.strip()[-300:], "nodes": []}
    return json.loads(done.stdout)


def run(scenario, seeds, extra=()):
    """The report of each seed, in order."""
    command = [program(), "sim", scenario, "--json", *extra]
    runs = [[*command, "--seed", str(seed)] for seed in seeds]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(zip(seeds, pool.map(run_one, runs)))


def helped(report, nodes=4):
    """Resumed, and every node holds the same ledger."""
    digests = {node["ledger_digest"] for node in report["nodes"]}
    return (report["outcome"] == "resumed" and len(report["nodes"]) == nodes
            and len(digests) == 1 and report["ledgers_equal"])


def why_not(report):
    if report["outcome"] != "resumed":
        return f"{report['outcome']} ({report['reason']})"
    digests = ", ".join(f"{n['name']} {n['ledger_entries']} entries" for n in report["nodes"])
    return f"ledgers differ: {digests}"


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

