"""What makes a trial repeatable, and what that costs."""

from __future__ import annotations

import subprocess
import sys

CODE = """\
import sys, torch
from benchkit.protocol.seeding import seed_everything
draws = []
for seed in (1, 1, 2):
    seed_everything(seed)
    draws.append(float(torch.rand(1)))
print(draws[0] == draws[1] != draws[2], torch.get_deterministic_debug_mode(),
      "torch._inductor" in sys.modules)
"""


def test_torch_is_seeded_and_deterministic_without_its_compiler():
    """The compiler takes two seconds to import, and every trial of a run would pay them."""
    command = [sys.executable, "-c", CODE]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "1", "False"]
