"""`geo112 prepare places` builds, imports, removes, and says how it went."""

import json
from collections.abc import Callable
from pathlib import Path

from pytest import CaptureFixture  # noqa: PT013 - the name of the type

from geo112.cli.main import main
from geo112.prepare.boundaries import Prepared


def test_build_import_and_remove(tmp_path: Path, build: Callable[..., Prepared], capsys: CaptureFixture[str]) -> None:
    build()
    where = ("--boundaries", str(tmp_path / "build"), "--out", str(tmp_path / "places" / "p.geo112"))
    table = tmp_path / "patokan.csv"
    table.write_text("name,lat_deg,lon_deg\nPasar Legi,-8.1,112.1\nx,y,z\n")
    capsys.readouterr()
    assert main(["prepare", "places", "--builtin", *where, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["patokan"], plain["imports"]) == (0, [])
    assert main(["prepare", "places", str(table), *where, "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["import"], done["taken"], done["refused"], done["patokan"]) == ("patokan", 1, 1, 1)
    assert done["first"].startswith("line 3")
    assert main(["prepare", "places", str(table), *where]) == 0
    told = capsys.readouterr().out
    assert "1 patokan dari patokan, 1 ditolak" in told
    assert "Penolakan pertama: line 3" in told
    assert main(["prepare", "places", "--remove", "patokan", *where, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["patokan"] == 0
    assert main(["prepare", "places", "--remove", "patokan", *where]) == 2
