"""A difference of two sets as JSON."""

from collections.abc import Mapping

from geo112.core.clock import to_iso
from geo112.zones.difference import Counted, Difference, Happenings, Kind, Move, Side
from geo112.zones.records import Zone


def difference_to_dict(found: Difference) -> dict[str, object]:
    """Write out a difference, without the shapes."""
    return {
        "before": _side(found.before),
        "after": _side(found.after),
        "area_km2": {kind.value: round(found.km2(kind), 6) for kind in Kind},
        "dust": {
            "below_m2": found.dust.below_m2,
            "area_km2": round(found.dust.area_km2, 6),
            "parts": found.dust.parts,
        },
        "villages": _counted(found.villages),
        "kecamatan": {
            "new": [_zone(one) for one in found.register.new],
            "vanished": [_zone(one) for one in found.register.vanished],
            "renamed": [{"from": _zone(one), "to": _zone(other)} for one, other in found.register.renamed],
        },
        "happenings": [_happenings(one) for one in found.happenings],
        "moves": [_move(one) for one in found.moves],
    }


def _side(side: Side) -> Mapping[str, object]:
    return {
        "version": side.version,
        "folder": side.folder,
        "source": side.source,
        "kecamatan": side.kecamatan,
        "kabkota": side.kabkota,
        "area_km2": round(side.area_km2, 3),
    }


def _zone(zone: Zone | None) -> Mapping[str, object] | None:
    if zone is None:
        return None
    return {"kode": zone.kode, "nama": zone.nama, "kode_kabkota": zone.kode_kabkota, "kabkota": zone.kabkota}


def _counted(counted: Counted) -> Mapping[str, object]:
    return {
        "points": counted.points,
        "kecamatan_changes": counted.kecamatan_changes,
        "centre_changes": counted.centre_changes,
        "in_neither": counted.in_neither,
    }


def _happenings(one: Happenings) -> Mapping[str, object]:
    return {
        "what": one.what,
        "since": to_iso(one.since),
        "until": to_iso(one.until),
        "older": one.older,
        "without_position": one.without_position,
        **_counted(one.counted),
        "centres": [{"from": source, "to": target, "count": count} for source, target, count in one.centres],
    }


def _move(move: Move) -> Mapping[str, object]:
    return {
        "from": _zone(move.source),
        "to": _zone(move.target),
        "kind": move.kind.value,
        "area_km2": round(move.area_km2, 6),
        "parts": move.parts,
        "villages": list(move.villages),
    }
