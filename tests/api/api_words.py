"""People, places and messages of the small centre that the tests of the API run."""

from geo112.core.roles import Role

PASSWORD = "rahasia-sekali"  # noqa: S105 - of the people below, who live in tests only
USERS: dict[str, tuple[Role, ...]] = {
    "siti": (Role.CALL_TAKER,),
    "budi": (Role.DISPATCHER,),
    "wati": (Role.SUPERVISOR,),
    "agus": (Role.PLANNER,),
    "dewi": (Role.ADMIN,),
}
IN_KOTA = {"lat_deg": -8.10, "lon_deg": 112.15}
IN_KAB = {"lat_deg": -8.10, "lon_deg": 112.25}
AT_SEA = {"lat_deg": -9.50, "lon_deg": 112.20}
AML = 'A"ML=1;lt=-8.10000;lg=112.15000;rd=12;top=20261122031530;lc=68;pm=G;si=510010;ei=1;mcc=510;mnc=01;ml=100'
BASE_URL = "http://127.0.0.1:8112"


def sent(path: str) -> str:
    """An address of a route for somebody who only wants to know whether the door opens."""
    filled = path.replace("{z}", "4").replace("{x}", "12").replace("{y}", "8")
    for name in ("call_id", "incident_id", "kode", "user", "link_id", "token", "app_call_id"):
        filled = filled.replace("{" + name + "}", "tidak-ada")
    # A stream that opened would never end: a wrong number is refused after the door.
    return f"{filled}?after=-1" if path.endswith("/stream") else filled
