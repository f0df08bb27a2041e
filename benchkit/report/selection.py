"""Which records may stand beside each other in one table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from benchkit.results.record import DatasetFacts, Record


@dataclass(frozen=True)
class Section:
    """The comparable records of one dataset member and variant.

    ``left_out`` counts the records that were not comparable: an older protocol, other values
    under the same name, other code under the same label, or an earlier result of a seed.
    """

    dataset: DatasetFacts
    records: tuple[Record, ...]
    left_out: int


def select_sections(records: Iterable[Record]) -> list[Section]:
    """Group records by dataset label and variant, and keep in each group what is comparable.

    Decided by the records alone, whatever their order: the newest protocol, then the values of
    the record that finished last, then of each detector the code that finished last, then the
    last result of each seed. Sections come back sorted by label and variant, their records by
    detector and seed.
    """
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        groups[record.dataset.label, record.dataset.variant].append(record)
    return [_select(groups[key]) for key in sorted(groups)]


def _select(group: list[Record]) -> Section:
    group = _sort_by_age(group)
    last = group[-1]
    comparable = [
        record
        for record in group
        if record.protocol == last.protocol
        and record.dataset.fingerprint == last.dataset.fingerprint
    ]
    # A mean over seeds is of one detector: the same label may have stood for other code before.
    code = {record.detector.label: _code(record) for record in comparable}
    latest: dict[tuple[str, int], Record] = {}
    for record in comparable:
        if _code(record) == code[record.detector.label]:
            latest[record.detector.label, record.seed] = record
    chosen = tuple(latest[key] for key in sorted(latest))
    return Section(last.dataset, chosen, len(group) - len(chosen))


def _sort_by_age(group: list[Record]) -> list[Record]:
    """Return records in an order that does not depend on the one they come in."""
    shared = Counter(_age(record) for record in group)

    def key(record: Record) -> tuple[int, str, str, str]:
        age = _age(record)
        # The whole text, which is slow to make, decides only where nothing else does.
        return (*age, record.to_json() if shared[age] > 1 else "")

    return sorted(group, key=key)


def _age(record: Record) -> tuple[int, str, str]:
    return record.protocol, record.finished, record.measured


def _code(record: Record) -> tuple[str, ...]:
    detector = record.detector
    return detector.target, detector.version, detector.code
