"""The record that every trial leaves behind, and the store that keeps them."""

from benchkit.results.record import SCHEMA, DatasetFacts, DetectorFacts, Record, Status
from benchkit.results.store import Store, StoreError

__all__ = ["SCHEMA", "DatasetFacts", "DetectorFacts", "Record", "Status", "Store", "StoreError"]
