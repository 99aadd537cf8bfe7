#!/usr/bin/env python3
"""Makes vectors/firmware_traces.json from two logs of the real firmware 2.8.0.

    tools/firmware_traces.py SIMTRACE RAWTRACE > vectors/firmware_traces.json

SIMTRACE has three nodes in a row whose simulated radios were joined by a script; RAWTRACE two nodes
that hear each other, and a stranger (node 2) made of bytes that both hear. What no radio rule decides
(telemetry, queue status without error) is left out.
"""
import json
import re
import sys

PORTS = {"TEXT_MESSAGE_APP": 1, "NODEINFO_APP": 4, "ROUTING_APP": 5, "TELEMETRY_APP": 67,
         "TRACEROUTE_APP": 70, "PRIVATE_APP": 256}
NUMBER = r"\s*([\d.]+)\s+"
PACKET = r"(?P<origin>[0-9a-f]{1,8})>(?P<to>[0-9a-f]{1,8}) id (?P<id>[0-9a-f]+) "

SIM = [
    ("send", r"SEND node(?P<node>\d) -> (?P<to>\w+) id (?P<id>\d+) port (?P<port>\d+) "
             r"len (?P<bytes>\d+) ack (?P<ack>\d)"),
    ("sent", r"AIR tx(?P<node>\d) " + PACKET + r"(?P<port>\w+) len (?P<bytes>\d+) "
             r"hl (?P<limit>\d)/(?P<start>\d) ack (?P<ack>\d) nh (?P<next>\w+) relay (?P<relay>\w+) "
             r"prio \d+ req (?P<request>\d+)"),
    ("told", r"RX\s+node(?P<node>\d) " + PACKET + r"(?P<port>\w+) len (?P<bytes>\d+) "
             r"req (?P<request>\d+) hl (?P<limit>\d)/(?P<start>\d)(?: 18(?P<error>\w\w))?"),
    ("told", r"QS\s+node(?P<node>\d) res (?P<res>[1-9]\d*) free \d+ id (?P<id>\d+)"),
]
RAW = [
    ("send", r"API(?P<node>\d) SEND -> (?P<to>\w+) id (?P<id>\w+) len (?P<bytes>\d+)"),
    ("send", r"(?P<node>PEER) -> (?P<to>\w+) id (?P<id>\w+) ack (?P<ack>\d) (?P<seal>\w+) "
             r"port (?P<port>\d+) len (?P<bytes>\d+)"),
    ("sent", r"OTA udp2500(?P<node>\d) \d+ms len (?P<frame>\d+) " + PACKET + r"hl (?P<limit>\d) "
             r"hs (?P<start>\d) ack (?P<ack>\d) mqtt \d ch (?P<hash>\w+) nh (?P<next>\w+) "
             r"relay (?P<relay>\w+) \[.*?\] port (?P<port>\d+) pl \w* req (?P<request>\d+)"),
    ("told", r"API(?P<node>\d) QS res (?P<res>\d+)"),
    ("told", r"API(?P<node>\d) " + PACKET + r"(?P<port>\w+) b'(?P<payload>.*)' req (?P<request>\d+)"),
]


def numbers(fields, ids):
    """As the comparison wants them: whole numbers; ids decimal in one log, hexadecimal in the other."""
    out = {}
    for name, text in fields.items():
        if text is None:
            continue
        if name == "port":
            out[name] = PORTS.get(text) if text in PORTS else int(text) if text.isdigit() else 0
        elif name == "id":
            out[name] = int(text, ids)
        elif name in ("origin", "to", "next", "relay", "hash", "error"):
            out[name] = int(text, 16)
        elif name == "node":
            out[name] = 2 if text == "PEER" else int(text)
        elif name == "seal":
            out["pkc"] = int(text == "PKC")
        elif name == "payload":
            routing = re.fullmatch(r"\\x18\\x(\w\w)", text)
            if routing:
                out["error"] = int(routing[1], 16)
        else:
            out["error" if name == "res" else name] = int(text)
    return out


def situations(path, patterns, ids, bed):
    found = []
    for line in open(path):
        if title := re.match(r"==+ (.*)", line):
            found.append({"title": re.sub(r", keys known:.*", "", title[1].strip()), "bed": bed,
                          "events": []})
        at = re.match(NUMBER, line)
        if not at or not found or "TELEMETRY" in line:
            continue
        for kind, pattern in patterns:
            if match := re.match(pattern, line[at.end():]):
                event = {"t": float(at[1]), "kind": kind, **numbers(match.groupdict(), ids)}
                if bed == "pair" and kind == "sent":
                    event["node"] -= 1
                found[-1]["events"].append(event)
                break
    return found


def complete(situation):
    """What a log does not say where a client sends, it says where the radio does."""
    events = situation["events"]
    for send in (event for event in events if event["kind"] == "send" and "port" not in event):
        same = [event for event in events if event.get("id") == send["id"] and event is not send]
        send["port"] = max((event.get("port", 0) for event in same), default=0) or 256
        send["ack"] = max((event.get("ack", 0) for event in same), default=0)


def main():
    sim, raw = sys.argv[1:]
    every = situations(sim, SIM, 10, "chain") + situations(raw, RAW, 16, "pair")
    for each in every:
        complete(each)
    print("[")
    for i, each in enumerate(every):
        head = json.dumps({key: each[key] for key in ("title", "bed")})[:-1]
        events = ",\n  ".join(json.dumps(event, separators=(",", ":")) for event in each["events"])
        print(f'{head}, "events": [\n  {events}]}}{"," if i + 1 < len(every) else ""}')
    print("]")


if __name__ == "__main__":
    main()
