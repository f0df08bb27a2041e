"""The variant of the replication of MAD-GAN for image sequences: networks, training, model."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchkit import progress
from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.losses import discriminator_loss, generator_loss
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.gan.training import EarlyStopping, TrainingCurves, frozen, shuffled
from benchkit_detectors.madgan_cnn.interface import FrameInversion, ModelOutput, NetworkShape
from benchkit_detectors.madgan_cnn.networks import LEAK, halvings
from benchkit_detectors.madgan_cnn.training import BETAS, EVALUATIONS, MADGANCNNTrainingConfig
from benchkit_detectors.madgan_cnn.validation import MMD_ITEMS, VALIDATION_SEQUENCES

BATCH_SEQUENCES = 16
GENERATOR_STEPS = 3
"""Generator steps for each discriminator step, as in the replication."""


class RecurrentGenerator(nn.Module):
    """An LSTM over latent values, then transposed convolutions for each frame."""

    def __init__(self, height: int, width: int, channels: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.latent = latent
        self.sizes = halvings(height, width)[::-1]
        maps = [channels * min(2**i, 4) for i in reversed(range(len(self.sizes) - 1))] + [1]
        self.start = (maps[0], *self.sizes[0])
        self.lstm = nn.LSTM(latent, hidden, batch_first=True)
        self.enter = nn.Linear(hidden, maps[0] * self.sizes[0][0] * self.sizes[0][1])
        self.layers = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in pairwise(maps))

    def forward(self, latent: Tensor) -> Tensor:
        """(sequences, frames, latent) -> (sequences, frames, height, width), in [0, 1]."""
        s, t = latent.shape[:2]
        # (s, t, hidden) -> (s * t, maps, height, width), both small
        h = self.enter(self.lstm(latent)[0].flatten(0, 1)).view(-1, *self.start)
        for layer, (height, width) in zip(self.layers, self.sizes[1:], strict=True):
            h = layer(functional.relu(h))[..., :height, :width]
        # tanh as in the replication, scaled to the range of the frames
        # (s * t, 1, height, width) -> (s, t, height, width)
        return ((torch.tanh(h) + 1) / 2).view(s, t, *self.sizes[-1])

    def draw(self, sequences: int, frames: int, rng: torch.Generator) -> Tensor:
        """Return random latent values, (sequences, frames, latent)."""
        shape = (sequences, frames, self.latent)
        return torch.randn(shape, generator=rng, device=self.enter.weight.device)


class RecurrentDiscriminator(nn.Module):
    """Convolutions of each frame, an LSTM over them, and log-odds of being real per frame."""

    def __init__(self, height: int, width: int, channels: int, hidden: int) -> None:
        super().__init__()
        sizes = halvings(height, width)
        maps = [1] + [channels * min(2**i, 4) for i in range(len(sizes) - 1)]
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, 2, 1) for a, b in pairwise(maps))
        self.lstm = nn.LSTM(maps[-1] * sizes[-1][0] * sizes[-1][1], hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, sequences: Tensor) -> Tensor:
        """(sequences, frames, height, width) in [0, 1] -> log-odds, (sequences, frames)."""
        s, t, height, width = sequences.shape
        # (s, t, height, width) -> (s * t, 1, height, width)
        h = 2 * sequences.reshape(s * t, 1, height, width) - 1
        for layer in self.layers:
            h = functional.leaky_relu(layer(h), LEAK)
        # (s * t, maps, height, width) -> (s, t, features)
        return self.out(self.lstm(h.reshape(s, t, -1))[0])[..., 0]


def train_paper(
    networks: nn.ModuleDict,
    train_part: Tensor,
    held_out: Tensor,
    config: MADGANCNNTrainingConfig,
    compute: Compute,
    seed: int,
) -> tuple[nn.ModuleDict, TrainingCurves]:
    """Train ``networks`` in place, and return them with the weights of the least MMD.

    As `benchkit_detectors.madgan_cnn.training.train`, but ``networks`` are ``generator`` and
    ``discriminator`` only, nothing is perturbed, and the MMD between generated and held-out
    frames alone decides when to stop.
    """
    generator, discriminator = networks["generator"], networks["discriminator"]
    g_optimizer = torch.optim.Adam(generator.parameters(), config.learning_rate, BETAS)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), config.learning_rate, BETAS)
    rng = torch.Generator(compute.device).manual_seed(seed)
    order = torch.Generator().manual_seed(seed + 1)
    stopping = EarlyStopping(networks, config.patience)
    frames = train_part.shape[1]
    batch_size = compute.batch_size(64 * 4 * train_part[0].numel(), BATCH_SEQUENCES)
    interval = max(config.steps // EVALUATIONS, 1)
    batches: list[Tensor] = []
    curves = TrainingCurves()
    for step in progress(range(1, config.steps + 1), "train"):
        if not batches:
            batches = list(shuffled(len(train_part), batch_size, order))[::-1]
        real = train_part[batches.pop().to(train_part.device)]

        with compute.autocast():
            fake = generator(generator.draw(len(real), frames, rng)).detach()
            real_logits = discriminator(real).float()
            d_loss = discriminator_loss(real_logits, discriminator(fake).float())
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()

        for _ in range(GENERATOR_STEPS):
            with compute.autocast(), frozen(discriminator):
                fake = generator(generator.draw(len(real), frames, rng))
                g_loss = config.adversarial * generator_loss(discriminator(fake).float())
            g_optimizer.zero_grad()
            g_loss.backward()
            g_optimizer.step()

        if step % interval == 0 or step == config.steps:
            curves.add(discriminator_loss=d_loss.detach(), generator_loss=g_loss.detach())
            distance = _held_out_mmd(generator, held_out, compute, seed + 2)
            curves.add(mmd=distance)
            if stopping.update(distance):
                break
    stopping.restore()
    return networks, curves


@torch.no_grad()
def _held_out_mmd(generator: nn.Module, held_out: Tensor, compute: Compute, seed: int) -> float:
    """Return the MMD between generated and held-out frames; 0 for a single frame."""
    # (sequences, frames, height, width) -> (sequences * frames, height, width)
    frames = held_out[:VALIDATION_SEQUENCES].flatten(0, 1)[:MMD_ITEMS]
    if len(frames) < 2:
        return 0.0
    rng = torch.Generator(compute.device).manual_seed(seed)
    count = -(-len(frames) // held_out.shape[1])
    with compute.autocast():
        fake = generator(generator.draw(count, held_out.shape[1], rng)).float()
    return mmd(frames, fake.flatten(0, 1)[: len(frames)])


class PaperModel:
    """The replication's: LSTMs with convolutions, and inversion by gradient steps alone."""

    def build(self, shape: NetworkShape) -> nn.ModuleDict:
        """Return untrained generator and discriminator."""
        body = (shape.height, shape.width, shape.channels, shape.hidden)
        return nn.ModuleDict(
            {
                "generator": RecurrentGenerator(*body, shape.latent),
                "discriminator": RecurrentDiscriminator(*body),
            }
        )

    train = staticmethod(train_paper)

    @torch.no_grad()
    def evaluate(
        self, networks: nn.ModuleDict, sequences: Tensor, inversion: FrameInversion
    ) -> ModelOutput:
        """Return the output for sequences.

        Each sequence is an item; its inversion starts at 0, the mean of the prior, so that
        scoring is deterministic.
        """
        generator = networks["generator"]
        start = torch.zeros(*sequences.shape[:2], generator.latent, device=sequences.device)
        reconstructed, taken = inversion(generator, start, sequences, torch.optim.RMSprop)
        return ModelOutput(reconstructed, -networks["discriminator"](sequences), None, taken)

    @torch.no_grad()
    def generate(self, networks: nn.ModuleDict, count: int, frames: int, seed: int) -> Tensor:
        """Return generated sequences, (count, frames, height, width)."""
        generator = networks["generator"]
        rng = torch.Generator(generator.enter.weight.device).manual_seed(seed)
        return generator(generator.draw(count, frames, rng))
