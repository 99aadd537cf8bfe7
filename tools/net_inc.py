#!/usr/bin/env python3
"""Writes edge/scene/weights.txt as the elements of a C array: net_inc.py WEIGHTS OUT"""
import base64
import pathlib
import sys

text = pathlib.Path(sys.argv[1]).read_text().split("\n", 1)[1]
pathlib.Path(sys.argv[2]).write_text(",".join(str(byte) for byte in base64.b64decode(text)) + "\n")
