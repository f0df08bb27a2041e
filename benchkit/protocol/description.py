"""What the harness must know of a detector class before it runs it, found without running it.

Importing a detector may be slow, may need a package that is missing, and may end the process; so
this runs in a process of its own, and the plan learns only what is returned here.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchkit.errors import BenchkitError, Faults
from benchkit.registry.choices import DetectorChoice
from benchkit.registry.suggestions import suggest
from benchkit.registry.targets import find_version, fingerprint_code, import_target

HARNESS_PARAMETERS = {"random_state": "--seeds", "device": "--device"}
"""Constructor arguments that the harness passes where a class takes them, and the options."""


@dataclass(frozen=True)
class Description:
    """A detector class as seen from outside.

    ``parameters`` maps the constructor's arguments to their defaults as source text, None for an
    argument without one. ``open_ended`` is true where it takes ``**kwargs``. ``code`` is the
    fingerprint of its source and ``version`` what distribution it came from.
    """

    parameters: Mapping[str, str | None]
    open_ended: bool
    modalities: tuple[str, ...]
    code: str
    version: str
    doc: str = ""

    def takes(self, parameter: str) -> bool:
        """Whether the constructor accepts a parameter of this name."""
        return self.open_ended or parameter in self.parameters

    def fill(self, params: Mapping[str, Any], seed: int, device: str) -> dict[str, Any]:
        """Return the constructor's arguments: ``params``, and seed and device where it takes them.

        They are offered under the names in `HARNESS_PARAMETERS`.
        """
        offered = dict(zip(HARNESS_PARAMETERS, (seed, device), strict=True))
        taken = {name: value for name, value in offered.items() if name in self.parameters}
        return {**params, **taken}

    def check(self, choice: DetectorChoice) -> None:
        """Raise a `BenchkitError` for parameters that the class has not, and those it lacks."""
        faults = Faults()
        own = [p for p in self.parameters if p not in HARNESS_PARAMETERS]
        for name in choice.params:
            with faults.noting():
                self._check_parameter(choice, name, own)
        faults.raise_all()
        missing = [p for p in own if self.parameters[p] is None and p not in choice.params]
        if missing:
            raise BenchkitError(
                f"detector {choice.spec.name!r} needs {', '.join(missing)}: "
                f"add [{missing[0]}=...] to it"
            )

    def _check_parameter(self, choice: DetectorChoice, name: str, own: list[str]) -> None:
        if name in HARNESS_PARAMETERS:
            option = HARNESS_PARAMETERS[name]
            raise BenchkitError(f"{choice.label}: {name!r} is set by the harness, use {option}")
        if not self.takes(name):
            raise BenchkitError(
                f"detector {choice.spec.name!r} has no parameter {name!r}: {suggest(name, own)}"
            )


def describe_detector(choice: DetectorChoice) -> dict[str, Any]:
    """Import a detector's class and return the fields of its `Description`.

    Raises
    ------
    TypeError
        The target is no class, or has no ``fit`` or ``decision_function``.
    Exception
        Whatever importing the class raises.
    """
    cls = import_target(choice.spec.target)
    if not inspect.isclass(cls):
        raise TypeError(f"{choice.spec.target} is no class")
    for method in ("fit", "decision_function"):
        if not hasattr(cls, method):
            raise TypeError(f"class {cls.__name__} has no method {method}(X)")
    parameters, open_ended = read_parameters(cls)
    modalities = choice.spec.modalities
    if not choice.registered:
        modalities = tuple(getattr(cls, "modalities", modalities))
    return {
        "parameters": parameters,
        "open_ended": open_ended,
        "modalities": modalities,
        "code": fingerprint_code(choice.spec.target),
        "version": choice.version or find_version(choice.spec.target),
        "doc": inspect.getdoc(cls) or "",
    }


def read_parameters(cls: type) -> tuple[dict[str, str | None], bool]:
    """Return a constructor's arguments with their defaults, and whether it takes ``**kwargs``."""
    parameters: dict[str, str | None] = {}
    open_ended = False
    for parameter in inspect.signature(cls).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            open_ended = True
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            has_default = parameter.default is not parameter.empty
            parameters[parameter.name] = repr(parameter.default) if has_default else None
    return parameters, open_ended
