"""The networks of Indonesia (MCC 510): whose they are is a dated fact, never part of a cell's identity."""

from dataclasses import dataclass
from datetime import date

from geo112.locate.cells.identity import INDONESIA


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who has a network code from a day on; `since` None is since ever, `runs` False a network that is off."""

    mnc: str
    name: str
    since: date | None = None
    runs: bool = True


_INDOSAT_HUTCHISON = date(2022, 1, 4)
_XL_SMART = date(2025, 4, 16)

OPERATORS: tuple[Operator, ...] = (
    Operator(mnc="00", name="PSN"),
    Operator(mnc="01", name="Indosat"),
    Operator(mnc="01", name="Indosat Ooredoo Hutchison", since=_INDOSAT_HUTCHISON),
    Operator(mnc="03", name="StarOne", runs=False),
    Operator(mnc="07", name="TelkomFlexi", runs=False),
    Operator(mnc="08", name="AXIS", runs=False),
    Operator(mnc="09", name="Smartfren"),
    Operator(mnc="09", name="XLSMART", since=_XL_SMART),
    Operator(mnc="10", name="Telkomsel"),
    Operator(mnc="11", name="XL Axiata"),
    Operator(mnc="11", name="XLSMART", since=_XL_SMART),
    Operator(mnc="20", name="TELKOMMobile", runs=False),
    Operator(mnc="21", name="Indosat (IM3)"),
    Operator(mnc="21", name="Indosat Ooredoo Hutchison", since=_INDOSAT_HUTCHISON),
    Operator(mnc="27", name="Net1", runs=False),
    Operator(mnc="28", name="Smartfren"),
    Operator(mnc="28", name="XLSMART", since=_XL_SMART),
    Operator(mnc="78", name="Hinet", runs=False),
    Operator(mnc="88", name="Bolt", runs=False),
    Operator(mnc="89", name="Hutchison 3"),
    Operator(mnc="89", name="Indosat Ooredoo Hutchison", since=_INDOSAT_HUTCHISON),
    Operator(mnc="99", name="Esia", runs=False),
)


def operator_of(*, mcc: str, mnc: str, on: date) -> Operator | None:
    """Say who ran a network of Indonesia on a day; None for a network that is not known."""
    if mcc != INDONESIA:
        return None
    known = [one for one in OPERATORS if one.mnc == mnc and (one.since is None or one.since <= on)]
    return known[-1] if known else None
