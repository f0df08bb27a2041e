"""The record that every trial leaves behind, and the store that keeps them."""

from benchkit.results.record import SCHEMA, DatasetFacts, DetectorFacts, Record, Status
from benchkit.results.store import Entry, Store, StoreError

__all__ = [
    "SCHEMA",
    "DatasetFacts",
    "DetectorFacts",
    "Entry",
    "Record",
    "Status",
    "Store",
    "StoreError",
]
