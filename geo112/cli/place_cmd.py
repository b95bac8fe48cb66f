"""`geo112 place`: what a caller says about where they are, and the places that can be meant."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo112.cli.output import print_json, print_line
from geo112.core.errors import BadInput, BadPosition, BadShape

if TYPE_CHECKING:
    from geo112.core.shapes import Area
    from geo112.locate.places.search import Places


def register(app: typer.Typer) -> None:
    """Add `place` to the command line."""
    app.command("place", context_settings={"ignore_unknown_options": True})(place)


def place(  # noqa: PLR0913 - the options that the command line promises
    text: Annotated[str, typer.Argument(metavar="TEKS", help="What was said, such as `Kepanjen Kidul dekat masjid`.")],
    *,
    near_lat: Annotated[str | None, typer.Option(help="Latitude of where the caller is about, in degrees.")] = None,
    near_lon: Annotated[str | None, typer.Option(help="Longitude of the same.")] = None,
    near_radius_m: Annotated[str | None, typer.Option(help="Radius of the same in metres.")] = None,
    centre: Annotated[str | None, typer.Option(help="Code of the kabupaten or kota to prefer, such as 35.72.")] = None,
    limit: Annotated[int, typer.Option(help="How many places at most.", min=1, max=50)] = 10,
    places_file: Annotated[Path | None, typer.Option(help="File of places, if not the project's own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find villages, kecamatan, kabupaten and patokan by name as it is spoken; coordinates and plus codes too.

    Ends with 0 also when nothing fits: then the list is empty.
    """
    from geo112.locate.places.found import found_to_dict  # noqa: PLC0415 - loads PROJ: only when the command runs
    from geo112.locate.places.search import Places  # noqa: PLC0415 - loads numpy
    from geo112.locate.places.typed import is_name, typed_place  # noqa: PLC0415 - loads PROJ

    near_said = {"--near-lat": near_lat, "--near-lon": near_lon, "--near-radius-m": near_radius_m}
    if centre is not None and any(value is not None for value in near_said.values()):
        raise BadInput("does not go with --near-lat and --near-lon", field="--centre")
    around = _near(near_said)
    typed = typed_place(text, near=None if around is None else around.middle)
    if typed is not None:
        answers = [typed]
    else:
        gazetteer = Places.open(places_file or _own_places())
        area = around if centre is None else _area_of(gazetteer, centre)
        typed = None if area is None else typed_place(text, near=area.middle)
        found = gazetteer.find(text, area, limit) if typed is None and is_name(text) else []
        answers = [typed] if typed is not None else [found_to_dict(one) for one in found]
    if as_json:
        print_json({"query": text, "places": answers})
        return
    for line in _lines(answers):
        print_line(line)


def _own_places() -> Path:
    """Give the file of places that `make setup` builds."""
    from geo112.settings import installed_root  # noqa: PLC0415 - loads pydantic: only when a command needs it

    return installed_root() / "data" / "places" / "places.geo112"


def _area_of(gazetteer: "Places", kode: str) -> "Area":
    from geo112.core.codes import kode_kabkota  # noqa: PLC0415 - only when the option is given

    area = gazetteer.area_of(kode_kabkota(kode))
    if area is None:
        raise BadInput(f"there is no kabupaten or kota {kode}", field="--centre")
    return area


def _near(said: dict[str, str | None]) -> "Area | None":
    """Read where the caller is about; raises BadInput naming the option."""
    from geo112.core.geo import position_from_degrees  # noqa: PLC0415 - loads PROJ
    from geo112.core.shapes import Circle, Point  # noqa: PLC0415 - loads PROJ
    from geo112.locate.degrees import strict_decimal  # noqa: PLC0415 - loads PROJ

    numbers: dict[str, float] = {}
    for name, text in said.items():
        if text is not None:
            number = strict_decimal(text.strip())
            if number is None:
                raise BadInput(f"{text[:40]!r} is not a decimal number", field=name)
            numbers[name] = number
    if not numbers:
        return None
    for name in ("--near-lat", "--near-lon"):
        if name not in numbers:
            raise BadPosition("is missing", field=name)
    middle = position_from_degrees(lat_deg=numbers["--near-lat"], lon_deg=numbers["--near-lon"])
    if "--near-radius-m" not in numbers:
        return Point(middle=middle)
    if numbers["--near-radius-m"] <= 0:
        raise BadShape("is not above 0", field="--near-radius-m")
    return Circle(middle=middle, radius_m=numbers["--near-radius-m"])


def _lines(answers: list[dict[str, Any]]) -> list[str]:
    """Tell the places in Indonesian, best first."""
    if not answers:
        return ["Tidak ada tempat yang cocok"]
    lines = []
    for at, one in enumerate(answers, start=1):
        within = ", ".join(str(one[key]) for key in ("kecamatan", "kabkota") if one[key] and one[key] != one["name"])
        radius = "radius tidak diketahui" if one["radius_m"] is None else f"radius {one['radius_m']:.0f} m"
        lines.append(f"{at}. {one['name']} ({one['kind']}){', ' + within if within else ''}")
        lines.append(f"   {one['lat_deg']}, {one['lon_deg']}, {radius}; {'; '.join(one['why'])}")
    return lines
