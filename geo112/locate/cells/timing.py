"""What a timing advance says about the distance from an antenna.

A step is a time that a signal needs there and back, so it is worth `c * step / 2` metres of distance:

| radio | step | metres |
|---|---|---|
| GSM | one symbol, 48/13 us, there and back (3GPP TS 45.010) | 553.46 |
| UMTS | one chip, 1/3.84 us, one way: the delay on the random access channel (TS 25.215) | 78.07 |
| LTE | 16 Ts, Ts = 1/30.72 us, there and back (TS 36.213) | 78.07 |
| NR | 16 * 64 Tc / 2^mu, Tc = 1/1966.08 us, there and back (TS 38.213) | 78.07 for mu 0 to 4.88 for mu 4 |
"""

import math
from dataclasses import dataclass

from geo112.core.errors import BadMessage
from geo112.locate.cells.identity import Radio

LIGHT_M_PER_S = 299_792_458
_CHIP_S = 1 / 3.84e6
_LTE_TS_S = 1 / 30.72e6
_NR_TC_S = 1 / (480e3 * 4096)
MOST_STEPS = {Radio.GSM: 219, Radio.UMTS: 768, Radio.LTE: 1282, Radio.NR: 3846}
NUMEROLOGIES = range(5)
# 25600 Tc in FR1 (also FDD since release 15), 39936 where LTE shares the carrier, 13792 in FR2 (TS 38.133, 7.1.2).
NR_OFFSETS_TC = (0, 13792, 25600, 39936)
# UMTS: a telephone answers a slot that it received 1024 chips later (TS 25.214).
UE_RX_TX_CHIPS = 1024.0
# Greenstein et al., IEEE Trans. Vehicular Technology 46 (1997) 477: the delay spread of a path of d km is lognormal,
# T1 * sqrt(d), with T1 = 0.4 us in towns and 4 dB; 1.645 standard deviations are its 95 % point.
_SPREAD_S = 0.4e-6
_SPREAD_95 = 10 ** (1.645 * 4 / 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """The distances from the antenna that a timing advance allows."""

    inner_m: float
    outer_m: float


def step_m(radio: Radio, *, mu: int | None = None) -> float:
    """Metres of distance per step; NR needs its numerology `mu`, 0 to 4 (subcarriers of 15 kHz * 2^mu)."""
    match radio:
        case Radio.GSM:
            return LIGHT_M_PER_S * 48e-6 / 13 / 2
        case Radio.UMTS:
            return LIGHT_M_PER_S * _CHIP_S
        case Radio.LTE:
            return LIGHT_M_PER_S * 16 * _LTE_TS_S / 2
        case Radio.NR:  # pragma: no branch - mypy counts the radios
            if mu is None or mu not in NUMEROLOGIES:
                raise BadMessage("a timing advance of NR needs its numerology, 0 to 4", field="mu")
            return LIGHT_M_PER_S * 16 * 64 * _NR_TC_S / (1 << mu) / 2


def ring(radio: Radio, steps: int, *, mu: int | None = None, relative: bool = False) -> Ring:
    """Give the plain ring of an absolute timing advance, half a step to both sides (as RFC 5491, 5.2.5 does).

    `relative` says that it is the command of a MAC control element, a correction to an advance that nobody told: it is
    refused, since it says nothing about the distance. Raises BadMessage, also for steps that the radio cannot have.
    """
    if relative:
        raise BadMessage(
            "a relative command corrects an advance that is not known: it is no distance", field="timing_advance"
        )
    metres = step_m(radio, mu=mu)
    if not 0 <= steps <= MOST_STEPS[radio]:
        raise BadMessage(
            f"{steps} is not a timing advance of {radio}, 0 to {MOST_STEPS[radio]}", field="timing_advance"
        )
    return Ring(inner_m=max(0.0, (steps - 0.5) * metres), outer_m=(steps + 0.5) * metres)


def ring_of_rtt(rtt_chips: float, *, ue_rx_tx_chips: float = UE_RX_TX_CHIPS) -> Ring:
    """Give the ring of a UMTS round-trip time: half of what is left when the telephone's own delay is taken off.

    Half a chip to both sides of the round trip (TS 25.133, 9.2.10: the accuracy of the measurement).
    """
    both_ways = rtt_chips - ue_rx_tx_chips
    if not (math.isfinite(both_ways) and -0.5 <= both_ways <= 2 * MOST_STEPS[Radio.UMTS]):
        raise BadMessage(f"{rtt_chips} chips are not a round-trip time", field="rtt_chips")
    chip_m = LIGHT_M_PER_S * _CHIP_S / 2
    return Ring(inner_m=max(0.0, (both_ways - 0.5) * chip_m), outer_m=(both_ways + 0.5) * chip_m)


def steps_of_total(total_tc: int, *, mu: int, offset_tc: int) -> int:
    """Turn the whole advance of NR, `(N_TA + N_TA,offset) Tc` (TS 38.211, 4.3.1), into steps without the offset."""
    if offset_tc not in NR_OFFSETS_TC:
        raise BadMessage(f"{offset_tc} is not one of the offsets {NR_OFFSETS_TC}", field="offset_tc")
    if mu not in NUMEROLOGIES:
        raise BadMessage("is not a numerology, 0 to 4", field="mu")
    left = total_tc - offset_tc
    if left < 0:
        raise BadMessage(f"{total_tc} Tc are less than the offset alone", field="timing_advance")
    return ((left << mu) + 512) >> 10


def widened(plain: Ring) -> Ring:
    """Give the ring that holds the caller with 95 %: towns lengthen a path, never shorten it.

    The inner edge comes nearer by the 95 % point of the delay spread at the outer edge (Greenstein 1997: about 550 m
    times the root of the kilometres). Both edges move by half a step, or by 59 m where that is more, for what telephone
    and base station may be wrong in time (12 Ts: TS 36.133, 7.1.2).
    """
    half_step_m = plain.outer_m if plain.inner_m == 0 else (plain.outer_m - plain.inner_m) / 2
    tolerance_m = max(half_step_m, LIGHT_M_PER_S * 12 * _LTE_TS_S / 2)
    excess_m = LIGHT_M_PER_S * _SPREAD_S * _SPREAD_95 * math.sqrt(plain.outer_m / 1000)
    return Ring(inner_m=max(0.0, plain.inner_m - excess_m - tolerance_m), outer_m=plain.outer_m + tolerance_m)
