"""A real Meshtastic native node in simulated-radio mode, started and set up for a test. The little
of the client API that this takes is written here by hand, from field numbers."""
import pathlib
import socket
import struct
import subprocess
import time

ADMIN = 6
PRESETS = {"LongFast": 0, "ShortFast": 6}


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def fixed(field, value):
    return varint(field << 3 | 5) + struct.pack("<I", value)


def text(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def fields(data):
    """(field, value) of a protobuf message."""
    at = 0

    def read():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while at < len(data):
        tag = read()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, read()
            continue
        size = {1: 8, 5: 4}[kind] if kind != 2 else read()
        yield tag >> 3, data[at:at + size]
        at += size


class NativeNode:
    def __init__(self, program, folder, which, port):
        self.port = port
        self.address = f"tcp:127.0.0.1:{port}"
        self.folder = pathlib.Path(folder) / f"node{which}"
        self.folder.mkdir()
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [program, "-s", "-d", str(self.folder), "-h", str(16 + which), "-p", str(port)],
            stdout=self.log, stderr=self.log)
        self.number = 0

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    def ask(self, *messages):
        """Says `messages` and gives the configuration that it tells: FromRadio, by field."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as line:
            line.settimeout(5)
            for message in messages + (number(3, 69420),):
                line.sendall(b"\x94\xc3" + struct.pack(">H", len(message)) + message)
            told, waiting = [], b""
            while not any(field == 7 for field, _ in told):
                waiting += line.recv(4096) or self.cut()
                while (begin := waiting.find(b"\x94\xc3")) >= 0 and len(waiting) >= begin + 4:
                    end = begin + 4 + struct.unpack_from(">H", waiting, begin + 2)[0]
                    if len(waiting) < end:
                        break
                    told += fields(waiting[begin + 4:end])
                    waiting = waiting[end:]
            return told

    @staticmethod
    def cut():
        raise OSError("the line is cut")

    def settings(self, told):
        """Region, preset and the primary channel's name."""
        self.number = next(value for field, part in told if field == 3
                           for inner, value in fields(part) if inner == 1)
        lora = dict(next(fields(value) for field, part in told if field == 5
                         for inner, value in fields(part) if inner == 6))
        channel = next(part for field, part in told if field == 10)
        inside = dict(fields(dict(fields(channel)).get(2, b"")))
        return lora.get(7, 0), lora.get(2, 0), inside.get(3, b"").decode()

    def admin(self, message):
        data = number(1, ADMIN) + text(2, message)
        packet = fixed(2, self.number) + text(4, data) + fixed(6, int(time.time()) & 0xFFFFFFFF)
        return text(1, packet)

    def set_up(self, region, preset, name, key):
        """Until it says that it is so; it begins anew after a change."""
        wanted = (region, PRESETS[preset], name)
        lora = number(1, 1) + number(2, PRESETS[preset]) + number(7, region) + number(8, 3) + number(9, 1)
        channel = text(2, text(2, key) + text(3, name.encode())) + number(3, 1)
        last = time.monotonic() + 60
        while time.monotonic() < last:
            try:
                found = self.settings(self.ask())
                if found == wanted:
                    return
                if found[2] != name:
                    self.ask(self.admin(text(33, channel)))
                if found[:2] != wanted[:2]:
                    self.ask(self.admin(text(34, text(6, lora))))
            except OSError:
                pass
            time.sleep(1)
        raise SystemExit(f"FAIL: the native node at {self.port} does not take its settings")
