"""Import what plugins name, to find what is broken; runs in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence

from benchkit.errors import describe_error
from benchkit.protocol.description import describe_detector
from benchkit.registry.catalog import Spec
from benchkit.registry.choices import DetectorChoice
from benchkit.registry.specs import DatasetSpec, DetectorSpec
from benchkit.registry.targets import import_target


def find_broken(specs: Sequence[Spec]) -> list[str]:
    """Import the target of every spec as a run does; return for each why it cannot be used.

    Empty where it can.
    """
    return [_inspect(spec) for spec in specs]


def _inspect(spec: Spec) -> str:
    try:
        if isinstance(spec, DetectorSpec):
            describe_detector(DetectorChoice(spec, spec.name, plugin="inspected"))
            return ""
        found = import_target(spec.target)
        methods = ("sources", "load") if isinstance(spec, DatasetSpec) else ("__call__",)
        lacking = [method for method in methods if not hasattr(found, method)]
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  foreign code may even call sys.exit
        return describe_error(error)
    if lacking:
        return f"{spec.target} has no {' and no '.join(lacking)}"
    return ""
