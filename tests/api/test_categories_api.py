"""The categories of a centre over HTTP."""

from collections.abc import Callable

from api_centre import MakeCentre, new_client
from api_words import PASSWORD
from fastapi.testclient import TestClient

from geo112.api.answers import CategoriesOut
from geo112.cli.centre.doctor import Finding, Level, examine
from geo112.routing.duties.words import Nature
from geo112.settings import perangkat_daerah_root
from geo112.wiring import Centre


def finding(centre: Centre) -> Finding:
    (found,) = (one for one in examine(centre.settings, now=centre.clock.now()) if one.check == "duties")
    return found


def test_every_category_comes_with_who_serves_it_and_what_is_sent(as_user: Callable[[str], TestClient]) -> None:
    told = as_user("agus").get("/api/v1/categories")
    assert told.status_code == 200
    answer = CategoriesOut.model_validate(told.json())
    assert (answer.centre.kode, answer.problem, answer.tables["kejadian.csv"]) == ("35.72", None, "35.72")
    assert len(answer.categories) == 20
    known = {one.kode for one in answer.capabilities}
    for one in answer.categories:
        assert one.perangkat_daerah
        assert len(one.run_cards) == 3
        needs = [need for card in one.run_cards for need in card.needs]
        assert bool(needs) == (one.nature is not Nature.INFORMASI)
        assert {need.capability for need in needs} <= known


def test_a_slip_in_the_own_tables_is_told_and_the_centre_goes_on(make_centre: MakeCentre) -> None:
    centre = make_centre()
    own = centre.settings.perangkat_daerah_dir
    own.mkdir()
    with new_client(centre) as client:
        client.post("/api/v1/login", json={"user": "siti", "password": PASSWORD}).raise_for_status()
        cards = (perangkat_daerah_root() / "default" / "kartu.csv").read_text()
        (own / "kartu.csv").write_text(cards.replace("PJU,ringan,teknisi_pju,1", "PJU,ringan,teknisi_pju,2"))
        sound = client.get("/api/v1/categories").json()
        assert (sound["problem"], sound["tables"]["kartu.csv"]) == (None, "perangkat_daerah")
        assert sound["categories"][0]["run_cards"][0]["needs"][0]["count"] == 2
        assert finding(centre).level is Level.OK
        (own / "kartu.csv").write_text(cards.replace("PJU,ringan,teknisi_pju,1", "PJU,ringan,teknisi_pju,nol"))
        slipped = client.get("/api/v1/categories").json()
        assert slipped["problem"].startswith("kartu.csv line 2, column jumlah: 'nol'")
        assert slipped["categories"] == sound["categories"]
        assert (finding(centre).level, finding(centre).says) == (Level.FAIL, slipped["problem"])
