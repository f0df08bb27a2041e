"""Imported once by the server that trial processes are forked from, so that they start warm.

Nothing here may start a thread or touch an accelerator: what is forked afterwards would be broken.
"""

from __future__ import annotations

import contextlib
import importlib
import os

import numpy
import psutil
import threadpoolctl

import benchkit.cli.main
import benchkit.execution.supervisor
import benchkit.protocol.preparation
import benchkit.protocol.trial
from benchkit.safe_path import leave_safe_path

PRELOAD = "BENCHKIT_PRELOAD"
"""Environment variable that names the heavy packages which the planned detectors say they need."""

leave_safe_path()

_keep = (numpy, psutil, threadpoolctl, benchkit)

for _name in filter(None, os.environ.get(PRELOAD, "").split(",")):
    # A package that is missing or broken fails the trial that needs it, and only that one.
    with contextlib.suppress(Exception):
        importlib.import_module(_name)
