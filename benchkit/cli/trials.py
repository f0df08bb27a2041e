"""What verbs that run trials share: options and limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import click

from benchkit.cli.options import parse_bytes, parse_seconds
from benchkit.errors import BenchkitError, Faults
from benchkit.execution.environment import usable_memory
from benchkit.execution.local import Limits
from benchkit.execution.plan import Request, make_plan
from benchkit.execution.processes import Processes

MEMORY_SHARE = 0.8
LEAST_MEMORY = 256 * 2**20

variant_option = click.option(
    "--variant",
    type=click.Choice(["auto", "real", "sim"]),
    default="auto",
    help="auto takes the real data where it is here or can be fetched.",
)
offline_option = click.option("--offline", is_flag=True, help="Fetch nothing.")
device_option = click.option(
    "--device", default="auto", metavar="NAME", help="auto, cpu, cuda, cuda:1 or mps."
)
timeout_option = click.option(
    "--timeout", default="1h", metavar="TIME", help="For one trial: 90s, 10m, 2h, none."
)
memory_option = click.option(
    "--memory-limit",
    metavar="SIZE",
    show_default="80 % of the memory over the trials at once",
    help="For one trial with all its processes: 500M, 4G, none.",
)


def refuse(request: Request, faults: Faults) -> None:
    """Raise all that is wrong with a request, what only its classes know included.

    Nothing is written, and no data are loaded.
    """
    named = [choice for choice in request.detectors if not choice.spec.sanity]
    if named or any(choice.params for choice in request.datasets):
        requires = [name for choice in named for name in choice.spec.requires]
        with Processes(preload=requires) as processes:
            request = dataclasses.replace(request, detectors=named)
            make_plan(processes, request, {}, lambda _: None, faults)
    faults.raise_all()


def choose_limits(options: Mapping[str, Any], faults: Faults) -> Limits:
    """Return the limits that the options mean; what is wrong with them is noted."""
    none = Limits(None, None)
    return faults.attempt(none, make_limits, options["timeout"], options["memory_limit"])


def make_limits(timeout: str, memory_limit: str | None) -> Limits:
    """Return the limits of a trial, from the options' texts."""
    seconds = parse_seconds(timeout)
    if memory_limit is None:
        total = int(usable_memory() * MEMORY_SHARE)
        return Limits(seconds, total, shared=True)
    limit = parse_bytes(memory_limit)
    if limit is not None and limit < LEAST_MEMORY:
        raise BenchkitError(
            f"--memory-limit {memory_limit} is less than an empty process needs: "
            f"give at least {LEAST_MEMORY >> 20}M"
        )
    return Limits(seconds, limit)
