# SPDX-License-Identifier: GPL-2.0-only
"""Recipes: the files and scripts of a document in doc/.

A fenced block whose first line has file=PATH is a file, one with run=NAME is
a script. All other blocks are for the reader.
"""

import configparser
import os
import re
import shlex

DOC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc")
BLOCK = re.compile(r"^```\w+ (file|run)=(\S+)\n(.*?)^```$", re.M | re.S)


class Recipe:
    """What one document tells the reader to write and to run."""

    def __init__(self, name):
        with open(os.path.join(DOC, f"{name}.md"), encoding="utf-8") as doc:
            blocks = BLOCK.findall(doc.read())
        self.files = {n: text for kind, n, text in blocks if kind == "file"}
        self.scripts = {n: text for kind, n, text in blocks if kind == "run"}

    def install(self, lab):
        """Write the files in the guest."""
        for path, text in self.files.items():
            lab.sh(f"mkdir -p {os.path.dirname(path)}")
            lab.put(text, path)
            if text.startswith("#!"):
                lab.sh(f"chmod 755 {path}")

    def unit(self, name):
        """The section Service of a unit, key → list of values."""
        parser = configparser.RawConfigParser(strict=False)
        parser.optionxform = str
        parser.read_string(self.files[f"/etc/systemd/system/{name}"])
        return parser["Service"]

    def start(self, name, **settings):
        """Shell text that starts the service as systemd would: environment
        file, what is to be run before, and the program in the shell's place.
        Settings take the place of those of the environment file."""
        service = self.unit(name)
        lines = [f". {service['EnvironmentFile']}"] \
            if "EnvironmentFile" in service else []
        lines += [f"{k}={shlex.quote(str(v))}" for k, v in settings.items()]
        if "ExecStartPre" in service:
            lines.append(service["ExecStartPre"])
        return "\n".join(["set -e", *lines, f"exec {service['ExecStart']}"])
