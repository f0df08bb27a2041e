"""A pytest plugin that makes benchmarks really slower, to see whether the gate notices.

    pytest tests/benchmarks -p tests.benchmarks.slower --slower 1.5

Each call of what a benchmark times is followed by a busy loop that lasts for half of what the call
took. Used by docs/make_timing_gate.py and by the tests of the gate.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slower", type=float, default=1.0, metavar="TIMES")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    timed = pyfuncitem.funcargs.get("timed")
    times = pyfuncitem.config.getoption("--slower")
    if timed is not None and times > 1:

        def time_slower(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            return timed(_slow_down(function, times), *args, **kwargs)

        pyfuncitem.funcargs["timed"] = time_slower


def _slow_down(function: Callable[..., Any], times: float) -> Callable[..., Any]:
    @functools.wraps(function)
    def slower(*args: Any, **kwargs: Any) -> Any:
        begin = time.perf_counter()
        result = function(*args, **kwargs)
        end = time.perf_counter()
        while time.perf_counter() < end + (times - 1) * (end - begin):
            pass
        return result

    return slower
