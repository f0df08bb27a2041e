"""FrameGenerator, encoder and discriminator of the default model."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

MIN_SIDE = 4
"""Feature maps are halved until neither side has more pixels than this."""

EMBEDDING = 64
LEAK = 0.2


def halvings(height: int, width: int) -> list[tuple[int, int]]:
    """Return the sizes of a frame on its way down, its own first, with one halving or more."""
    sizes = [(height, width)]
    while len(sizes) == 1 or max(sizes[-1]) > MIN_SIDE:
        h, w = sizes[-1]
        sizes.append(((h + 1) // 2, (w + 1) // 2))
    return sizes


class ConvTrunk(nn.Module):
    """Frames, (frames, height, width), to features, (frames, hidden)."""

    def __init__(self, height: int, width: int, channels: int, hidden: int) -> None:
        super().__init__()
        sizes = halvings(height, width)
        maps = [1] + [channels * min(2**i, 4) for i in range(len(sizes) - 1)]
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, 2, 1) for a, b in pairwise(maps))
        self.out = nn.Linear(maps[-1] * sizes[-1][0] * sizes[-1][1], hidden)

    def forward(self, frames: Tensor) -> Tensor:
        """Return the features."""
        h = frames[:, None]
        for layer in self.layers:
            h = functional.leaky_relu(layer(h), LEAK)
        return functional.leaky_relu(self.out(h.flatten(1)), LEAK)


class FrameEncoder(nn.Module):
    """Sequences to the latent values that reproduce them.

    Some latent values of a frame are its own, the others are shared: the mean over the *other*
    frames of its sequence. A frame that does not belong is thus reconstructed as what it should
    have been.
    """

    def __init__(
        self, height: int, width: int, channels: int, hidden: int, latent: int, shared: int
    ) -> None:
        super().__init__()
        self.trunk = ConvTrunk(height, width, channels, hidden)
        self.own = nn.Linear(hidden, latent)
        self.shared = nn.Linear(hidden, shared)

    def forward(self, sequences: Tensor) -> Tensor:
        """(sequences, frames, height, width) -> (sequences, frames, shared + latent)."""
        s, t, h, w = sequences.shape
        # (s, t, h, w) -> (s * t, h, w)
        features = self.trunk(sequences.reshape(s * t, h, w))
        # (s * t, shared) -> (s, t, shared)
        votes = self.shared(features).view(s, t, -1)
        others = (votes.sum(1, keepdim=True) - votes) / (t - 1) if t > 1 else votes
        # (s * t, latent) -> (s, t, latent)
        return torch.cat([others, self.own(features).view(s, t, -1)], 2)


class FrameGenerator(nn.Module):
    """Latent values, (items, shared + latent), to frames with values in [0, 1]."""

    def __init__(self, height: int, width: int, channels: int, latent: int, shared: int) -> None:
        super().__init__()
        self.shared = shared
        self.latent = latent
        self.sizes = halvings(height, width)[::-1]
        maps = [channels * min(2**i, 4) for i in reversed(range(len(self.sizes) - 1))] + [1]
        self.start = (maps[0], *self.sizes[0])
        self.enter = nn.Linear(shared + latent, maps[0] * self.sizes[0][0] * self.sizes[0][1])
        self.layers = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b in pairwise(maps))

    def forward(self, latent: Tensor) -> Tensor:
        """(items, shared + latent) -> (items, height, width)."""
        # (items, values) -> (items, maps, height, width), both small
        h = self.enter(latent).view(-1, *self.start)
        for layer, (height, width) in zip(self.layers, self.sizes[1:], strict=True):
            h = layer(functional.leaky_relu(h, LEAK))[..., :height, :width]
        return torch.sigmoid(h[:, 0])

    def draw(self, sequences: int, frames: int, rng: torch.Generator) -> Tensor:
        """Return random latent values of sequences, (sequences, frames, shared + latent).

        The shared ones are the same for all frames of a sequence.
        """
        device = self.enter.weight.device
        shared = torch.randn(sequences, 1, self.shared, generator=rng, device=device)
        own = torch.randn(sequences, frames, self.latent, generator=rng, device=device)
        return torch.cat([shared.expand(-1, frames, -1), own], 2)


class FrameDiscriminator(nn.Module):
    """Frames, (frames, height, width), to log-odds of being real, (frames,)."""

    def __init__(self, height: int, width: int, channels: int, hidden: int) -> None:
        super().__init__()
        self.trunk = ConvTrunk(height, width, channels, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, frames: Tensor) -> Tensor:
        """Return the log-odds."""
        return self.out(self.trunk(frames))[:, 0]


class SequenceDiscriminator(nn.Module):
    """Sequences to log-odds that each frame belongs to its sequence.

    Computed from the cosine similarity of a frame's embedding to those of the most similar half
    of the other frames, so that a few anomalous frames do not make the normal ones look
    anomalous. It does not depend on the order of the frames, and takes any number of them.
    """

    def __init__(self, height: int, width: int, channels: int, hidden: int) -> None:
        super().__init__()
        self.trunk = ConvTrunk(height, width, channels, hidden)
        self.embed = nn.Linear(hidden, EMBEDDING)
        self.slope = nn.Parameter(torch.tensor(5.0))
        self.offset = nn.Parameter(torch.tensor(0.0))

    def forward(self, sequences: Tensor) -> Tensor:
        """(sequences, frames, height, width) -> log-odds, (sequences, frames); frames > 1."""
        s, t = sequences.shape[:2]
        # (s, t, height, width) -> (s * t, height, width); (s * t, embedding) -> (s, t, embedding)
        h = self.embed(self.trunk(sequences.flatten(0, 1))).view(s, t, EMBEDDING)
        directions = functional.normalize(h.float(), dim=2)
        similarity = directions @ directions.transpose(1, 2)  # (s, t, t)
        others = similarity - 3 * torch.eye(t, device=h.device)  # not among its own nearest
        nearest = others.topk(t // 2, dim=2).values
        return self.slope * nearest.mean(2) + self.offset


class PairedDiscriminator(nn.Module):
    """A discriminator of frames, and one of frames among the others of their sequence.

    The two share no weights: where frames of other sequences cannot be told apart, the second
    overfits its training part, and a shared trunk would make the first overfit, too.
    """

    def __init__(self, height: int, width: int, channels: int, hidden: int) -> None:
        super().__init__()
        self.frame = FrameDiscriminator(height, width, channels, hidden)
        self.sequence = SequenceDiscriminator(height, width, channels, hidden)
