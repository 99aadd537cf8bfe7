"""Loopback ports for programs that must be told theirs."""
import random
import socket
import sys


def free_ports(count=1):
    """The first of so many in a row that nobody has now, below those that the system hands out
    itself: there a client that waits for its server may be given the server's port, and talks to
    itself."""
    for base in random.sample(range(10000, 32000 - count), 100):
        try:
            for port in range(base, base + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    sys.exit(f"FAIL: no {count} free ports in a row")
