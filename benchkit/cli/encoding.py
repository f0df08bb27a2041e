"""The command speaks UTF-8, whatever the locale says."""

from __future__ import annotations

import codecs
import io
import os
import sys


def speak_utf8() -> None:
    """Begin anew in Python's UTF-8 mode where the locale is ASCII, and print what can be printed.

    In such a locale Python takes the names of files for ASCII, so that one with other letters
    could be neither read nor written down, by us or by a detector. What the screen has no letter
    for is printed as ``?``; that is no reason to end.
    """
    ascii_only = codecs.lookup(sys.getfilesystemencoding()).name == "ascii"
    if ascii_only and sys.executable and not sys.flags.utf8_mode:
        environment = {**os.environ, "PYTHONUTF8": "1"}
        words = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
        os.execve(sys.executable, words, environment)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
