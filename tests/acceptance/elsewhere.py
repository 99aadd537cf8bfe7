"""What the stories have in common whose nodes are processes of their own: programs, their pages, and
verdicts. A story is told in real time."""
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from checks import failed, verdict  # noqa: F401 (for those who import us)
from ports import free_ports

SCENARIO = "scenarios/blocked-cat.toml"
MOSQUITTO = ".deps/mosquitto/usr/sbin/mosquitto"


class Program:
    """A process of ours and what it says."""

    def __init__(self, *command, env=None):
        self.said = ""
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stderr:
            self.said += line

    def page(self):
        """The address of its page, once it is served."""
        found = until(lambda: re.search(r"http://\S+/", self.said), 30)
        if not found:
            sys.exit(f"FAIL: it did not start: {self.said.strip() or 'it says nothing'}")
        return found.group(0)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(30)


class Broker:
    """A real Mosquitto on a loopback port of its own."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.port = free_ports(1)
        self.conf = os.path.join(self.folder.name, "conf")
        with open(self.conf, "w", encoding="utf-8") as out:
            out.write(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser root\n")
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([MOSQUITTO, "-c", self.conf], stderr=subprocess.DEVNULL)
        if not until(self.answers, 30):
            sys.exit("FAIL: Mosquitto does not start")

    def fall(self):
        """At once, with all that it remembers."""
        self.process.kill()
        self.process.wait(30)

    @staticmethod
    def here():
        return os.access(MOSQUITTO, os.X_OK)

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def url(self):
        return f"mqtt://127.0.0.1:{self.port}/msh/TEST"

    def stop(self):
        self.fall()
        self.folder.cleanup()


class CutLine:
    """A TCP line to a port of this machine that is cut whenever it has stood for `up` seconds, and is
    down for `down` seconds then."""

    def __init__(self, port, up, down):
        self.target, self.up, self.down = port, up, down
        self.down_until = 0
        self.cuts = 0
        self.healed = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def heal(self):
        """For good."""
        self.healed = True

    def accept(self):
        while True:
            try:
                here = self.listener.accept()[0]
            except OSError:
                return  # closed
            threading.Thread(target=self.carry, args=(here,), daemon=True).start()

    def carry(self, here):
        if not self.healed and time.monotonic() < self.down_until:
            here.close()
            return
        there = socket.create_connection(("127.0.0.1", self.target), 5)
        ends = {here: there, there: here}
        began = time.monotonic()
        while self.healed or time.monotonic() < began + self.up:
            for end in select.select(list(ends), [], [], 0.1)[0]:
                try:
                    data = end.recv(65536)
                    ends[end].sendall(data)
                except OSError:
                    data = b""
                if not data:
                    here.close()
                    there.close()
                    return
        self.cuts += 1
        self.down_until = time.monotonic() + self.down
        here.close()
        there.close()

    def stop(self):
        self.listener.close()


def until(ask, seconds):
    """Asks again until there is something true; its last answer when the time is over."""
    last = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer or time.monotonic() > last:
            return answer
        time.sleep(0.2)


def get(page, what):
    with urllib.request.urlopen(page + "api/" + what, timeout=10) as answer:
        return json.load(answer)


def node(page, name):
    return next((card for card in get(page, "nodes") if card["name"] == name), {})


def steps(page):
    return [step["step"] for job in get(page, "jobs") for step in job["steps"]]


def ledgers(world, others):
    """Digests of all ledgers; `others` are the names of nodes with pages of their own."""
    cards = [card for card in get(world, "nodes") if card["name"] not in others]
    cards += [node(page, name) for name, page in others.items()]
    return {card["digests"]["ledger"] for card in cards if "digests" in card}


def body_ports(world):
    """Where the world says that the bodies of its external nodes wait."""
    found = re.findall(r"(\S+)'s body waits for its node at 127\.0\.0\.1:(\d+)", world.said)
    return {name: int(port) for name, port in found}


def prepare():
    """From the repository's root; the program to be tested."""
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    if len(sys.argv) > 1:
        return sys.argv[1]
    subprocess.run(["./run", "--version"], check=True, stdout=subprocess.DEVNULL)
    return "build/release/compotastic"
