"""The model that ships: its recipe, and what its card tells people of it.

``landmark-train fit --preset shipped`` trains by it; ``docs/model.md`` says what was tried, and why
it became this. Torch-free.
"""

from __future__ import annotations

from typing import Any

from training.spec import Stage

_ABOUT = {
    "data": (
        "11,611 photos of 66 landmarks, gathered by others from photo-sharing sites and web "
        "searches, and 860 everyday photos without one. No photo is part of this program.",
        "44 places, 96 × 96 pixels: repository arazosman/Landmark-Detection, MIT, photographers "
        "not credited.",
        "Petra, Great Wall of China, Chichen Itza, Christ the Redeemer: repository Hoodiinii/"
        "7-Wonders-Of-The-World-Recognition-System, no licence stated.",
        "Burj Khalifa, Stonehenge, Angel Falls, and more of nine others: repository "
        "sivanujan-selvarajah/wonders-classifier, no licence stated.",
        "Angkor Wat, Dome of the Rock, Cologne Cathedral, Forbidden City, Alhambra, more of Petra: "
        "repository Atquiya-Labiba/Historical-Architectural-Landmark-Recognizer, MIT.",
        "Five places of Porto: repository franciscapessanha/Porto-landmarks-recognition, no "
        "licence stated.",
        "Five places of Vietnam: repository huynhtiennhat0403/vietnamese-landmark-classifier, no "
        "licence stated.",
        "Photos without a landmark: Caltech-101, and one photo for each ImageNet class without "
        "buildings and scenery; research collections, no licence of the images stated.",
    ),
    "weaknesses": (
        "Places that it does not know but that look like one it knows (another arch, cathedral, "
        "golden dome or skyline) may get that one's name.",
        "It sees a photo squashed to 96 × 96 pixels: a landmark that is small in the picture, "
        "behind people or far away, is not recognised.",
        "Details, interiors, unusual angles and night photos are recognised less often than views "
        "from outside by day.",
        "Some training photos bear a wrong name: the two Bosphorus bridges, Hagia Sophia and the "
        "Blue Mosque, other pyramids under Giza, the Opera House under Sydney Harbour Bridge.",
        "Landmarks with few training photos (Dome of the Rock 24, Hoi An 26, Ho Chi Minh "
        "Mausoleum 32) are recognised less well.",
    ),
    "coverage": (
        "Turkey 15, Italy 6, Portugal 5, Vietnam 5, France, Germany, the United Kingdom and the "
        "United States 4 each, China and Russia 2 each, and one each of 15 other countries.",
        "Missing altogether: Africa but for Giza, Japan, Korea, Indonesia, Thailand, Scandinavia, "
        "Poland, Greece, all of Central Asia and the Pacific, most of South America. Photos from "
        "there get no suggestion, or a wrong one. It is no measure of what is worth seeing: these "
        "were the collections at hand.",
    ),
    "retrain": (
        "landmark-train fit --preset shipped --data landmarks/train --negatives negatives/train "
        "--negatives negatives/train_b; the source code's docs/model.md tells the whole story.",
    ),
}  # fmt: skip

RECIPE: dict[str, Any] = {
    "name": "66 landmarks", "recipe": "transfer", "backbone": "efficientnet_lite1", "depth": "full",
    "door": 96, "head_epochs": 0, "stages": (Stage(12, 128), Stage(7, 160)), "frozen_layers": 4,
    "backbone_rate": 4e-4, "head_rate": 4e-3, "layer_decay": 0.95, "augmentation": "strong",
    "patience": 0, "validation_share": 0.1, "looks": (128, 192), "about": _ABOUT,
}  # fmt: skip
