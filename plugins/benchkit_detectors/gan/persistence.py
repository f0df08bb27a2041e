"""Keep a fitted detector, and take it up again."""

from __future__ import annotations

import copy
from typing import Any

from torch import nn

from benchkit_detectors.gan.training import seeded


class Persistent:
    """``state_dict`` and ``load_state_dict`` for a detector that consists of networks and facts.

    A detector that uses this keeps its networks in ``networks_``, everything else that it learned
    in ``facts_`` (names to numbers, texts, arrays), and makes untrained networks in `_build`.
    """

    networks_: nn.ModuleDict
    facts_: dict[str, Any]

    def _build(self, facts: dict[str, Any]) -> nn.ModuleDict:
        """Return untrained networks of the shape that ``facts`` tell."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """Return what was learned, as ``torch.save`` takes it.

        Raises
        ------
        RuntimeError
            The detector is not fitted.
        """
        if not hasattr(self, "networks_"):
            raise RuntimeError(f"this {type(self).__name__} is not fitted: call fit(X) first")
        return {
            "facts": copy.deepcopy(self.facts_),
            "networks": copy.deepcopy(self.networks_.state_dict()),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what another detector with the same parameters learned."""
        facts = copy.deepcopy(state["facts"])
        with seeded(0):  # so that the global generator stays as it is
            networks = self._build(facts)
        networks.load_state_dict(state["networks"])
        self.facts_, self.networks_ = facts, networks
