"""The duties as the interface and the command line tell them."""

from geo112.routing.duties.cards import RunCard
from geo112.routing.duties.duties import Duties, Service
from geo112.routing.duties.words import Category, Severity


def category_to_dict(duties: Duties, one: Category) -> dict[str, object]:
    """Write a category with who serves it and the run card of each severity."""
    return {
        "kode": one.kode,
        "nama": one.nama,
        "nature": one.nature.value,
        "severity": one.severity.value,
        "source": one.source,
        "perangkat_daerah": [_service(service) for service in duties.perangkat_for(one.kode)],
        "run_cards": [_card(duties.run_card(one.kode, severity)) for severity in Severity],
    }


def duties_to_dict(duties: Duties) -> dict[str, object]:
    """Write all categories, and the perangkat daerah and capabilities that they name."""
    return {
        "categories": [category_to_dict(duties, one) for one in duties.categories.values()],
        "perangkat_daerah": [
            {
                "kode": one.kode,
                "nama": one.nama,
                "other_names": list(one.other_names),
                "kind": one.kind.value,
                "source": one.source,
            }
            for one in duties.perangkat_daerah.values()
        ],
        "capabilities": [
            {"kode": one.kode, "nama": one.nama, "kinds": [kind.value for kind in one.kinds], "source": one.source}
            for one in duties.capabilities.values()
        ],
    }


def _service(service: Service) -> dict[str, object]:
    return {
        "kode": service.perangkat_daerah.kode,
        "nama": service.perangkat_daerah.nama,
        "kind": service.perangkat_daerah.kind.value,
        "named_in": [{"kode": row.kode, "kejadian": row.nama, "source": row.source} for row in service.named_in],
    }


def _card(card: RunCard) -> dict[str, object]:
    needs = [{"capability": need.capability, "count": need.count, "source": need.source} for need in card.needs]
    return {"severity": card.severity.value, "written_for": card.written_for.value, "needs": needs}
