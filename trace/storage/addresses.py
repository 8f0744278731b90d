"""The gazetteer, read from ``trace/data``: facts that change by law and with a release, so files and not tables."""

import csv
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from ..domain.addresses import Commune, FormerCommune, Gazetteer, Province, Succession

_DATA = Path(__file__).parent.parent / "data"


@cache
def gazetteer() -> Gazetteer:
    """Every commune in force and every former one; read once a process (about half a second)."""
    communes = {commune.code: commune for commune in _communes()}
    former = list(_former_communes(communes))
    return Gazetteer(communes.values(), [*former, *_earlier_communes(former)])


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _communes() -> Iterator[Commune]:
    provinces: dict[str, Province] = {}
    for row in _rows("communes.csv"):
        province = provinces.setdefault(row["province_code"], Province(row["province_code"], row["province"]))
        yield Commune(
            code=row["commune_code"],
            name=row["commune"],
            province=province,
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            area_km2=float(row["area_km2"]) if row["area_km2"] else None,
        )


def _former_communes(communes: dict[str, Commune]) -> Iterator[FormerCommune]:
    for code, group in groupby(_rows("former_communes.csv"), key=lambda row: row["former_code"]):
        rows = list(group)
        yield FormerCommune(
            code=code,
            name=rows[0]["former_commune"],
            district=rows[0]["former_district"],
            province=rows[0]["former_province"],
            successors=tuple((communes[row["commune_code"]], Succession(row["how"])) for row in rows),
        )


def _earlier_communes(former: list[FormerCommune]) -> Iterator[FormerCommune]:
    by_code = {unit.code: unit for unit in former}
    for row in _rows("earlier_communes.csv"):
        became = by_code[row["became_code"]]
        yield FormerCommune(became.code, row["earlier_commune"], became.district, became.province, became.successors)
