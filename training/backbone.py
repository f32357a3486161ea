"""What every backbone is: a network from normalised photos to embeddings, layer by layer."""

# No `from __future__ import annotations` here: TorchScript reads the attributes' annotations
# of each backbone that sets them in __init__, and cannot read them as strings.

from torch import Tensor, nn


class Backbone(nn.Module):
    """Maps normalised photos, N x 3 x S x S, to embeddings, N x ``embedding_size``.

    ``mean`` and ``std``: of the three channels (0..1) in the data its weights were trained
    on; photos are normalised with them before they come in.
    """

    embedding_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    def forward(self, x: Tensor) -> Tensor:
        """Return the embeddings of normalised photos."""
        raise NotImplementedError

    def layers(self) -> list[nn.Module]:
        """Return the layers from input to output, every parameter in exactly one of them.

        A layer is what is frozen or given a learning rate as a whole: the stem, a block.
        Some are containers made for the call, whose modules are the network's own.
        """
        raise NotImplementedError

    def translate(self, published: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return a published state dict under this network's own names, less the classifier.

        Names it does not know are kept: whether all fit is for the caller to see.
        """
        return published
