"""The roles of the people in a centre; one person may hold several."""

from enum import StrEnum


class Role(StrEnum):
    """What a person does in the centre."""

    CALL_TAKER = "call_taker"
    DISPATCHER = "dispatcher"
    PLANNER = "planner"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Scope(StrEnum):
    """What a machine with a key may do."""

    SMS = "sms"
    PBX = "pbx"
    APP = "app"
    HELD = "held"
    GEOLOCATE = "geolocate"
