"""Why a polygon belongs to its kecamatan."""

from dataclasses import dataclass
from enum import StrEnum

from geo112.core.codes import KodeDesa, KodeKecamatan


class Evidence(StrEnum):
    """Why a polygon belongs to its kecamatan, strongest first.

    `name`: the register has a village of this name there. `alias`: so it has, under another name or spelling.
    `point`: the village's point lies in the polygon. `parent`: the polygon stays in the source's kecamatan.
    `neighbour`: that kecamatan is no more, and the neighbour with the longest common border took it.
    """

    NAME = "name"
    ALIAS = "alias"
    POINT = "point"
    PARENT = "parent"
    NEIGHBOUR = "neighbour"


@dataclass(slots=True, kw_only=True)
class Placed:
    """Where one village polygon ends up; filled step by step."""

    kecamatan: KodeKecamatan | None = None
    desa: KodeDesa | None = None
    evidence: Evidence | None = None
