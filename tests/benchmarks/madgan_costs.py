"""What MAD-GAN costs, side by side with what it replaces.

`python -m tests.benchmarks.madgan_costs` prints three tables for docs/performance.md: a training
epoch of ``@paper`` against a plain loop, inversion by the default against 100 gradient steps, and
how time and memory grow with the length. Those that are compared take turns, so that a machine
that is busy for a while slows both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tabulate import tabulate
from torch import nn

from benchkit.metrics import auc_roc
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.madgan.detector import MADGANDetector
from benchkit_detectors.madgan.model import build_networks
from benchkit_detectors.madgan.paper import PAPER
from benchkit_detectors.madgan.rows import Rows
from benchkit_detectors.madgan.scoring import WindowInversion
from benchkit_detectors.madgan.training import MADGANTrainingConfig, train
from benchkit_detectors.madgan.windowed import WindowedSeries
from tests.memory import peak_gigabytes

MODULE = "tests.benchmarks.madgan_costs"

LENGTHS = (10_000, 100_000, 500_000, 2_000_000)


class Plain(nn.Module):
    """An LSTM and a linear layer, as anybody would write them."""

    def __init__(self, inputs: int, hidden: int, layers: int, outputs: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden, layers, batch_first=True)
        self.out = nn.Linear(hidden, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.lstm(x)[0])


def plain_epoch(
    generator: nn.Module, discriminator: nn.Module, batches: list[torch.Tensor]
) -> None:
    """Train as the replication does: one step of D and three of G, everything differentiated."""
    loss = nn.BCEWithLogitsLoss()
    d_optimizer, g_optimizer = (
        torch.optim.Adam(network.parameters()) for network in (discriminator, generator)
    )
    for real in batches:
        ones, zeros = torch.ones(*real.shape[:2], 1), torch.zeros(*real.shape[:2], 1)
        discriminator.zero_grad()
        loss(discriminator(real), ones).backward()
        fake = generator(torch.randn(*real.shape[:2], 15))
        loss(discriminator(fake.detach()), zeros).backward()
        d_optimizer.step()
        for _ in range(3):
            generator.zero_grad()
            loss(discriminator(generator(torch.randn(*real.shape[:2], 15))), ones).backward()
            g_optimizer.step()


def compare_epochs(windows: int, rounds: int) -> str:
    """Return a table of the seconds for ``windows`` windows of 30 rows and 6 components."""
    rng = np.random.default_rng(0)
    series = WindowedSeries(
        rng.uniform(-1, 1, (10 * windows + 20, 6)).astype(np.float32),
        30,
        10,
        np.zeros(1, int),
        Compute(),
    )
    batches = list(series.epoch(None, 500, torch.Generator().manual_seed(0)))
    generator, discriminator = Plain(15, 100, 3, 6), Plain(6, 100, 1, 1)
    params = vars(MADGANDetector(**PAPER | {"epochs": 1, "patience": 1}))
    networks = build_networks(6, params)
    config = replace(MADGANTrainingConfig.from_params(params), epoch_windows=None)
    seconds: dict[str, list[float]] = {"plain loop": [], "@paper": []}
    for _ in range(rounds):
        start = time.perf_counter()
        plain_epoch(generator, discriminator, batches)
        middle = time.perf_counter()
        train(networks, series, series, config, Compute(), 0)
        seconds["plain loop"].append(middle - start)
        seconds["@paper"].append(time.perf_counter() - middle)
    return _side_by_side(f"{windows:,} windows", seconds)


def compare_inversions(windows: int, rounds: int, arrays: Path) -> str:
    """Return a table of the seconds for inverting test windows of KDD99 with the same networks.

    The AUC-ROC is that of the residual of each row of these windows, the discriminator left out.
    """
    with np.load(arrays) as parts:
        train_part, test_part = parts["train"][:, :34], parts["test"]
    model = MADGANDetector().fit(train_part[: int(0.8 * len(train_part))].astype(np.float32))
    series = model._fitted().windows(Rows.from_input(test_part[:, :34].astype(np.float32)))
    chosen = torch.linspace(0, len(series) - 1, windows).long()
    real = series.take(chosen)
    rows = series.starts[chosen].numpy()[:, None] + np.arange(30)  # (windows, length)
    labels = test_part[rows, 34] > 0
    bare = nn.ModuleDict({"generator": model.networks_["generator"]})
    ways = {
        "100 gradient steps": (bare, WindowInversion(100, 0.1, 0.0)),
        "encoder": (model.networks_, WindowInversion(0, 0.1, 0.0)),
        "encoder and 1 step": (model.networks_, WindowInversion(1, 0.1, 0.0)),
        "encoder and 10 steps": (model.networks_, WindowInversion(10, 0.1, 0.0)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    quality: dict[str, float] = {}
    for _ in range(rounds):
        for name, (networks, inversion) in ways.items():
            start, residuals = time.perf_counter(), []
            for batch in real.split(512):
                latent, _ = inversion(networks, batch)
                with torch.no_grad():
                    fake = networks["generator"](latent)
                residuals.append((batch - fake).abs().mean(dim=2))
            seconds[name].append(time.perf_counter() - start)
            # (windows, length) -> (windows * length,)
            quality[name] = auc_roc(labels.ravel(), torch.cat(residuals).numpy().ravel())
    return _side_by_side(f"{windows:,} windows", seconds, windows, quality)


def measure_growth(lengths: tuple[int, ...]) -> str:
    """Return a table of time and memory against the length, each in a process of its own."""
    rows = []
    for length in lengths:
        command = [sys.executable, "-m", MODULE, "--one-length", str(length)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        fit, score, memory = (float(word) for word in told.split())
        rows.append((f"{length:,}", fit, score, f"{length / score:,.0f}", memory))
    headers = ("rows × 51", "fit s", "score s", "rows/s", "peak MiB above the start")
    return tabulate(rows, headers, tablefmt="github", floatfmt=".3g", disable_numparse=[0, 3])


def measure_one(length: int) -> None:
    """Print seconds of fit and of score, and the memory that both took at the most."""
    X = np.empty((length, 51), np.float32)
    rng = np.random.default_rng(0)
    for start in range(0, length, 100_000):
        X[start : start + 100_000] = rng.normal(size=X[start : start + 100_000].shape)
    MADGANDetector(epochs=1, epoch_windows=64).fit(X[:1000])  # what is imported on first use
    before = peak_gigabytes()
    begin = time.perf_counter()
    model = MADGANDetector().fit(X)
    middle = time.perf_counter()
    model.decision_function(X)
    end = time.perf_counter()
    print(middle - begin, end - middle, (peak_gigabytes() - before) * 1e9 / 2**20)


def _side_by_side(
    title: str,
    seconds: dict[str, list[float]],
    windows: int = 0,
    quality: dict[str, float] | None = None,
) -> str:
    first = next(iter(seconds))
    rows = []
    for name, times in seconds.items():
        ratios = [a / b for a, b in zip(seconds[first], times, strict=True)]
        middle = statistics.median(times)
        rows.append([name, f"{middle:.3g}", f"{statistics.median(ratios):.2f}"])
        if quality:
            rows[-1] += [f"{windows / middle:,.0f}", f"{quality[name]:.4f}"]
    headers = [title, "seconds", f"times as fast as {first}"]
    headers += ["windows/s", "AUC-ROC"] if quality else []
    return tabulate(rows, headers, tablefmt="github", disable_numparse=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--one-length", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--windows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("epochs", "inversions", "growth"))
    data = os.environ.get("BENCHKIT_DATA", "") + "/kdd99/kdd99_madgan.npz"
    parser.add_argument("--kdd99", type=Path, default=Path(data), help="the arrays of MAD-GAN")
    options = parser.parse_args()
    if options.one_length:
        measure_one(options.one_length)
        sys.exit()
    if options.only in (None, "epochs"):
        print(compare_epochs(options.windows, options.rounds), "\n")
    if options.only in (None, "inversions"):
        print(compare_inversions(2_000, options.rounds, options.kdd99), "\n")
    if options.only in (None, "growth"):
        print(measure_growth(LENGTHS))
