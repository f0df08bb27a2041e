"""What the package says about its datasets, and that saying it is cheap."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from benchkit_datasets.plugin import benchkit_register_datasets


def registered():
    """Return the specs that the package brings."""
    specs = []
    benchkit_register_datasets(specs.append)
    return specs


@pytest.mark.parametrize("spec", registered(), ids=lambda spec: spec.name)
class TestEverySpec:
    def test_names_a_class_that_loads(self, spec):
        """With no parameters it stands for what the card describes."""
        module, _, name = spec.target.partition(":")
        dataset = getattr(importlib.import_module(module), name)()
        assert callable(dataset.sources)
        assert callable(dataset.load)

    def test_has_a_full_card(self, spec):
        assert spec.summary
        assert spec.reference
        assert spec.card.origin
        assert spec.card.licence
        assert spec.card.obtain.endswith(".")
        assert spec.card.flaws
        for text in (spec.summary, spec.card.origin, spec.card.obtain, *spec.card.flaws):
            assert "\n" not in text

    def test_has_default_members_that_exist(self, spec):
        assert set(spec.default_members) <= set(spec.members)

    def test_can_be_had_without_data(self, spec):
        assert spec.variants == ("real", "sim")


def test_listing_imports_nothing_heavy():
    """The plugin module stays light, so that listing what there is stays fast."""
    heavy = "{'numpy', 'pandas', 'sklearn', 'torch', 'pooch', 'requests'}"
    code = f"import sys, benchkit_datasets.plugin; print(sorted({heavy} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
