"""Every backbone of the catalogue keeps the contract: embeddings, layers, TorchScript, weights."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import nn
from torchvision.models import VisionTransformer, get_model, get_model_weights

from training import catalogue, weights
from training.backbones import Backbone, create, load_pretrained
from training.efficientnet_lite import CLASSIFIER, EfficientNetLite
from training.export import TOLERANCE
from training.network import LandmarkNetwork
from training.torchvision_backbones import VisionTransformerBackbone

DOWNLOADED = [entry for entry in catalogue.BACKBONES if entry.download]
NORMALISATIONS = (nn.BatchNorm1d, nn.BatchNorm2d)


@dataclass(frozen=True)
class Made:
    """A backbone as it is after some training, and the size its tests are quick at."""

    entry: catalogue.Entry
    backbone: Backbone
    size: int


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module", params=catalogue.BACKBONES, ids=lambda entry: entry.key)
def made(request: pytest.FixtureRequest) -> Made:
    entry: catalogue.Entry = request.param
    if not entry.pretrained and importlib.util.find_spec("training.scratch") is None:
        pytest.skip("training.scratch is not written yet")
    torch.manual_seed(0)
    backbone = create(entry.key)
    size = entry.input_size if entry.fixed_size else 64
    # Random networks hardly pass their input on, or, where they are as deep as ResNet-50, pass
    # on more of float32's rounding than trained ones do. So activations are normalised, and
    # all residual blocks given a moderate say.
    with torch.no_grad():
        for name, parameter in backbone.named_parameters():
            if name.endswith(("layer_scale", "bn3.weight")):
                parameter.fill_(0.25)
        if batch_norms(backbone):
            for module in batch_norms(backbone):
                module.momentum = 1.0
            backbone.train()(torch.randn(4, 3, size, size))
    return Made(entry, backbone.eval(), size)


def batch_norms(module: nn.Module) -> list[nn.BatchNorm1d | nn.BatchNorm2d]:
    return [inner for inner in module.modules() if isinstance(inner, NORMALISATIONS)]


def test_it_answers_as_large_an_embedding_as_it_says(made: Made) -> None:
    x = torch.randn(2, 3, made.size, made.size)
    with torch.inference_mode():
        embedding = made.backbone(x)
    assert embedding.shape == (2, made.backbone.embedding_size)
    assert not torch.allclose(embedding[0], embedding[1], atol=1e-3)
    assert len(made.backbone.mean) == len(made.backbone.std) == 3


def test_every_parameter_is_in_exactly_one_layer(made: Made) -> None:
    layers = made.backbone.layers()
    listed = [id(parameter) for layer in layers for parameter in layer.parameters()]
    assert sorted(listed) == sorted(id(parameter) for parameter in made.backbone.parameters())
    inside = {id(module) for layer in layers for module in batch_norms(layer)}
    assert inside == {id(module) for module in batch_norms(made.backbone)}
    assert all(any(True for _ in layer.parameters()) for layer in layers)
    # From input to output: only the first layer sees colours.
    seen = [p for p in layers[0].parameters() if p.dim() == 4]
    assert seen[0].shape[1] == 3
    if made.entry.pretrained:
        assert 9 <= len(layers) <= 23


def test_layers_put_in_evaluation_mode_keep_their_statistics(made: Made) -> None:
    frozen = made.backbone.layers()[:3]
    inside = {id(module) for layer in frozen for module in batch_norms(layer)}
    if not inside:
        pytest.skip("its first layers have no batch normalisation")
    before = {id(m): m.running_mean.clone() for m in batch_norms(made.backbone)}
    made.backbone.train()
    for layer in frozen:
        layer.eval()
    with torch.no_grad():
        made.backbone(torch.randn(4, 3, made.size, made.size))
    made.backbone.eval()
    for module in batch_norms(made.backbone):
        same = torch.equal(module.running_mean, before[id(module)])
        assert same == (id(module) in inside)


def test_scripted_and_frozen_it_answers_the_same(made: Made) -> None:
    network = LandmarkNetwork(made.backbone, 4, made.size).eval()
    pixels = torch.randint(0, 256, (2, 3, 96, 96), dtype=torch.uint8)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.filterwarnings("ignore", message=r".*torch\.jit.*deprecated.*")
        scripted = torch.jit.freeze(torch.jit.script(network))
        scripted(pixels)  # the optimiser rewrites the graph after this, profiled, run
        ours, theirs = network(pixels), scripted(pixels)
    difference = (ours[0].softmax(1) - theirs[0].softmax(1)).abs().max()
    assert float(difference) <= TOLERANCE
    assert ours[1].shape == theirs[1].shape == (2, made.backbone.embedding_size)


def test_the_catalogue_says_how_large_each_network_is(made: Made) -> None:
    if not made.entry.pretrained:
        pytest.skip("counted without a classifier")
    own = sum(parameter.numel() for parameter in made.backbone.parameters())
    assert own + 1000 * (made.backbone.embedding_size + 1) == made.entry.parameters


@pytest.mark.parametrize("entry", DOWNLOADED, ids=lambda entry: entry.key)
def test_the_catalogue_agrees_with_torchvision(entry: catalogue.Entry) -> None:
    published = get_model_weights(entry.key).DEFAULT
    assert published.url.endswith(f"/{entry.file}")
    assert published.meta["num_params"] == entry.parameters
    assert published.meta["_file_size"] == pytest.approx(entry.megabytes, abs=1e-3)
    assert published.transforms().crop_size == [entry.input_size]


@pytest.mark.parametrize("entry", DOWNLOADED, ids=lambda entry: entry.key)
def test_torchvision_s_names_and_shapes_fit(entry: catalogue.Entry) -> None:
    with torch.device("meta"):
        published = get_model(entry.key, weights=None).state_dict()
        backbone = create(entry.key)
    wanted = {name: value.shape for name, value in backbone.state_dict().items()}
    assert {n: v.shape for n, v in backbone.translate(published).items()} == wanted


@pytest.mark.parametrize("key", ["resnet18", "mobilenet_v3_large"])
def test_weights_saved_by_torchvision_are_loaded(key: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    theirs = get_model(key, weights=None).eval()
    saved = {n: v for n, v in theirs.state_dict().items() if "num_batches_tracked" not in n}
    torch.save({"model": saved}, tmp_path / "weights.pth")
    backbone = create(key).eval()
    load_pretrained(backbone, key, tmp_path / "weights.pth")
    last = [module for module in theirs.modules() if isinstance(module, nn.Linear)][-1]
    x = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        assert torch.allclose(last(backbone(x)), theirs(x), atol=1e-5)


def test_a_vision_transformer_answers_as_torchvision_s(tmp_path: Path) -> None:
    def small() -> VisionTransformer:
        network = VisionTransformer(32, 16, 2, 2, hidden_dim=8, mlp_dim=16, num_classes=5)
        nn.init.normal_(network.heads.head.weight)
        nn.init.normal_(network.class_token)
        return network.eval()

    theirs = small()
    # As the published file names them, from before torchvision 0.13.
    old = {
        name.replace(".mlp.0.", ".mlp.linear_1.").replace(".mlp.3.", ".mlp.linear_2."): value
        for name, value in theirs.state_dict().items()
    }
    assert any("linear_1" in name for name in old)
    torch.save(old, tmp_path / "weights.pth")
    backbone = VisionTransformerBackbone(small()).eval()
    load_pretrained(backbone, "vit_b_16", tmp_path / "weights.pth")
    x = torch.randn(2, 3, 32, 32)
    with torch.inference_mode():
        assert torch.allclose(theirs.heads(backbone(x)), theirs(x), atol=1e-6)
        with pytest.raises(ValueError, match="one size only"):
            backbone(torch.randn(1, 3, 48, 48))


@pytest.mark.parametrize("key", ["efficientnet_lite0", "efficientnet_lite1"])
def test_efficientnet_lite_is_loaded_from_its_package(key: str, tmp_path: Path) -> None:
    file = weights.locate(key, tmp_path)
    assert file is not None
    loaded, published = create(key), weights.load(file)
    load_pretrained(loaded, key, file)
    counted = sum(p.numel() for p in loaded.parameters()) + sum(
        published[name].numel() for name in CLASSIFIER
    )
    assert counted == catalogue.find(key).parameters
    # Names that checkpoints hold.
    assert {"stem.1.weight", "blocks.3.depthwise.1.weight", "head.0.weight"} <= set(
        loaded.state_dict()
    )


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.pth"
    torch.save(get_model("resnet18", weights=None).state_dict(), file)
    for key in ("resnet50", "efficientnet_lite0", "mobilenet_v3_large"):
        backbone = create(key)
        before = {name: value.clone() for name, value in backbone.state_dict().items()}
        with pytest.raises(weights.WeightsError, match="weights of another network") as refused:
            load_pretrained(backbone, key, file)
        assert catalogue.find(key).title in str(refused.value)
        assert catalogue.find(key).file in str(refused.value)
        assert all(torch.equal(before[n], v) for n, v in backbone.state_dict().items())
    state = get_model("resnet18", weights=None).state_dict()
    torch.save(state | {"conv1.weight": torch.zeros(64, 3, 3, 3)}, file)
    with pytest.raises(weights.WeightsError, match="64 x 3 x 3 x 3 where 64 x 3 x 7 x 7"):
        load_pretrained(create("resnet18"), "resnet18", file)
    torch.save(state | {"extra.weight": torch.zeros(1)}, file)
    with pytest.raises(weights.WeightsError, match=r"it has network\.extra\.weight"):
        load_pretrained(create("resnet18"), "resnet18", file)


def test_an_unknown_backbone_is_said_so() -> None:
    with pytest.raises(ValueError, match=r"no backbone called 'vgg'.*resnet18"):
        create("vgg")


def test_asking_what_there_is_does_not_import_torch() -> None:
    code = (
        "import sys; from pathlib import Path; from training import catalogue, weights; "
        "[weights.is_ready(e.key, Path('none')) for e in catalogue.BACKBONES]; "
        "sys.exit('torch' in sys.modules or 'torchvision' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("number", [0, 1])
def test_the_imagenet_weights_fit_and_make_sense(number: int, data: Path) -> None:
    """``train_b`` has one photo a class: most photos are to be of different classes."""
    from training.bundle import Preprocessing
    from training.layout import unlabelled

    file = weights.locate(f"efficientnet_lite{number}", Path())
    assert file is not None
    published, network = weights.load(file), EfficientNetLite(number).eval()
    load_pretrained(network, f"efficientnet_lite{number}", file)
    weight, bias = (published[name] for name in CLASSIFIER)
    samples = unlabelled([data / "negatives" / "train_b"])[:60]
    door = Preprocessing(224)
    pixels = torch.stack([torch.from_numpy(door.apply(door.open(s.path))) for s in samples])
    mean, std = torch.tensor(network.mean), torch.tensor(network.std)
    x = (pixels / 255 - mean.view(3, 1, 1)) / std.view(3, 1, 1)
    with torch.inference_mode():
        chance, guess = (network(x) @ weight.T + bias).softmax(1).max(1)
    assert len(set(guess.tolist())) >= 50
    assert float(chance.mean()) > 0.5
