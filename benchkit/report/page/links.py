"""What a page describes once and refers to: names and anchors of machines, detectors, datasets."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from benchkit.report.rows import describe_machine
from benchkit.results.record import DetectorFacts, Record


@dataclass(frozen=True)
class Link:
    """What a reference is called and which fragment of the page it leads to."""

    name: str
    anchor: str


def make_anchors(prefix: str, names: Iterable[str]) -> list[str]:
    """Return a readable fragment in ASCII for each name, no two alike."""
    anchors: list[str] = []
    uses: Counter[str] = Counter()
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9]+", "-", name)[:60].strip("-").lower()
        uses[plain] += 1
        # A dot stands in no name, so that a number behind one makes no other name's fragment.
        anchors.append(f"{prefix}-{plain}" + (f".{uses[plain]}" if uses[plain] > 1 else ""))
    return anchors


@dataclass(frozen=True)
class Software:
    """The versions that trials ran with on one machine."""

    name: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Machine:
    """A processor, threads and device, with the versions found on it."""

    name: str
    anchor: str
    text: str
    software: list[Software]


class Machines:
    """The machines of some records, numbered in the order of their descriptions."""

    def __init__(self, records: Iterable[Record]) -> None:
        found: dict[str, set[str]] = defaultdict(set)
        for record in records:
            found[describe_machine(record)].add(_versions(record))
        self.all: list[Machine] = []
        self._software: dict[tuple[str, str], Software] = {}
        for number, (text, versions) in enumerate(sorted(found.items()), 1):
            kinds = []
            for place, words in enumerate(sorted(versions), 1):
                name = f"M{number}" + (f".{place}" if len(versions) > 1 else "")
                kinds.append(Software(name, f"s-{number}-{place}", words))
                self._software[text, words] = kinds[-1]
            self.all.append(Machine(f"M{number}", f"m-{number}", text, kinds))
        self._links = {m.text: Link(m.name, m.anchor) for m in self.all}

    def link(self, text: str) -> Link:
        """Return the reference to the machine of this description."""
        return self._links[text]

    def link_software(self, record: Record) -> Link:
        """Return the reference to the machine of a trial, with the versions it ran with."""
        software = self._software[describe_machine(record), _versions(record)]
        return Link(software.name, software.anchor)


def _versions(record: Record) -> str:
    named = sorted((k, v) for k, v in record.environment.items() if k != "processor")
    return ", ".join(f"{name} {version}" for name, version in named) or "nothing was recorded"


@dataclass(frozen=True)
class Detector:
    """A detector as it ran: its parameters as text, where its class is, which code."""

    anchor: str
    facts: DetectorFacts
    given: str
    defaults: str
    origin: str


class Detectors:
    """The detectors of some records, by label; one label may stand for several codes."""

    def __init__(self, records: Iterable[Record]) -> None:
        found: dict[tuple[str, str], DetectorFacts] = {}
        for record in records:
            found.setdefault(_key(record.detector), record.detector)
        keys = sorted(found)
        anchors = make_anchors("k", (label for label, _ in keys))
        self.all = [
            _describe(anchor, found[key]) for anchor, key in zip(anchors, keys, strict=True)
        ]
        self._links = {
            key: Link(detector.facts.label, detector.anchor)
            for key, detector in zip(keys, self.all, strict=True)
        }

    def link(self, facts: DetectorFacts) -> Link:
        """Return the reference to a detector."""
        return self._links[_key(facts)]


def _key(facts: DetectorFacts) -> tuple[str, str]:
    rest = (facts.target, facts.version, facts.code, facts.params, facts.defaults)
    return facts.label, json.dumps(rest, sort_keys=True)


def _describe(anchor: str, facts: DetectorFacts) -> Detector:
    return Detector(
        anchor=anchor,
        facts=facts,
        given=", ".join(f"{name}={value!r}" for name, value in sorted(facts.params.items())),
        defaults=", ".join(f"{name}={text}" for name, text in sorted(facts.defaults.items())),
        origin=" ".join(filter(None, (facts.plugin, facts.version))),
    )
