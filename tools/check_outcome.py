#!/usr/bin/env python3
"""Says whether a run of the story (the JSON of `compotastic sim --json`) ended as promised."""
import json
import sys


def main():
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            run = json.load(file)
        ledgers = {node["ledger_digest"] for node in run["nodes"]}
        outcome = run["outcome"]
    except (IndexError, OSError, ValueError, KeyError, TypeError) as problem:
        print(f"check: no result to judge: {problem!r}", file=sys.stderr)
        return 1
    promised = outcome == "resumed" and len(run["nodes"]) >= 4 and len(ledgers) == 1
    print(f"outcome: {outcome}", f"({run['reason']})" if run.get("reason") else "")
    print(f"ledgers: {len(ledgers)} digest(s) on {len(run['nodes'])} nodes")
    print(f"help came after {run.get('time_to_help_s')} s, {run.get('frames')} frames")
    print("as promised" if promised else "NOT as promised: resumed, and one ledger digest everywhere")
    return 0 if promised else 1


if __name__ == "__main__":
    sys.exit(main())
