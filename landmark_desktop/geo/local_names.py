"""What countries, regions and cities are called where they are: Deutschland, Bayern, München.

resources/gazetteer/README.md says where the names are from, and the rule that they follow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LocalNames:
    """Names by the code of the country (ISO 3166-1 alpha-2) and the English name.

    What is not known here keeps the name that is asked about: cities of GeoNames that have no
    landmark of ours, places whose country nobody knows.
    """

    countries: Mapping[str, str]
    regions: Mapping[tuple[str, str], str]
    cities: Mapping[tuple[str, str], str]

    @staticmethod
    def load(resources: Path) -> LocalNames:
        """Read ``gazetteer/local_countries.json`` and ``local_places.json`` below the resources."""
        folder = resources / "gazetteer"
        countries = json.loads((folder / "local_countries.json").read_text(encoding="utf-8"))
        places = json.loads((folder / "local_places.json").read_text(encoding="utf-8"))["places"]
        regions, cities = (
            {(code, name): local for code, of in places.items() for name, local in of[kind].items()}
            for kind in ("regions", "cities")
        )
        return LocalNames(countries["countries"], regions, cities)

    def country(self, code: str, name: str) -> str:
        """Return what the country is called by its people; ``name`` where that is unknown."""
        return self.countries.get(code, name)

    def region(self, code: str, name: str) -> str:
        """Return the local name of a region of this country."""
        return self.regions.get((code, name), name)

    def city(self, code: str, name: str) -> str:
        """Return the local name of a city of this country."""
        return self.cities.get((code, name), name)
