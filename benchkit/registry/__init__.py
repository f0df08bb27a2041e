"""What there is to run, and who brought it: hooks, specs, discovery, selectors."""

from benchkit.registry.specs import Card, DatasetSpec, DetectorSpec, MetricSpec

__all__ = ["Card", "DatasetSpec", "DetectorSpec", "MetricSpec"]
