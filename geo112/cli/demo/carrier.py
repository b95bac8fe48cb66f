"""The simulator's two ways into a centre, both over its public HTTP interface: as the carrier, and as a call taker."""

import logging
from datetime import datetime
from typing import Any

import httpx

from geo112.core.clock import to_iso
from geo112.core.codes import KodeKabKota, KodeKecamatan, kode_kabkota, kode_kecamatan
from geo112.core.errors import NotFound
from geo112.core.geo import Position

_log = logging.getLogger(__name__)
_TIMEOUT_S = 5.0


class Centre:
    """One centre as the world outside reaches it."""

    def __init__(self, kode: KodeKabKota, url: str, *, keys: dict[str, str], user: str, password: str) -> None:
        """Speak to a centre with its door keys, and with the log-in of its virtual call taker."""
        self.kode = kode
        self.user = user
        self._keys = keys
        self._password = password
        self._http = httpx.Client(base_url=url, timeout=_TIMEOUT_S, trust_env=False)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def pbx(self, event: str, ref: str, *, at: datetime, **more: str | None) -> str | None:
        """Say what the telephone exchange sees; gives the call's id, None when the centre did not take it."""
        said = {name: value for name, value in more.items() if value is not None}
        body = {"event": event, "pbx_call_id": ref, "at": to_iso(at), "simulated": True, **said}
        answer = self._send("POST", "/api/v1/pbx", body, key=self._keys["pbx"])
        return None if answer is None else str(answer["call_id"])

    def sms(self, sender: str, text: str, *, at: datetime) -> str | None:
        """Hand over an SMS as a gateway does; gives the id of the call it belongs to."""
        body = {"sender": sender, "text": text, "received_at": to_iso(at)}
        answer = self._send("POST", "/api/v1/sms", body, key=self._keys["sms"])
        return None if answer is None else str(answer["call_id"])

    def call(self, call_id: str) -> dict[str, Any] | None:
        """Look at a call."""
        return self._send("GET", f"/api/v1/calls/{call_id}")

    def step(self, call_id: str, step: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """Do one of the call taker's steps on a call: note, disposition, link."""
        return self._send("POST", f"/api/v1/calls/{call_id}/{step}", body)

    def open_incident(self, call_id: str, *, category: str, priority: int) -> str | None:
        """Make an incident of a call; gives its id."""
        body = {"call_id": call_id, "category": category, "priority": priority, "note": "SIMULASI"}
        answer = self._send("POST", "/api/v1/incidents", body)
        return None if answer is None else str(answer["incident_id"])

    def close_incident(self, incident_id: str) -> None:
        """End an incident as done."""
        self._send("POST", f"/api/v1/incidents/{incident_id}/close", {"disposition": "selesai"})

    def kecamatan_at(self, position: Position) -> KodeKecamatan | None:
        """Name the kecamatan of a point; None in the sea or abroad."""
        kecamatan = self._resolve(position)["kecamatan"]
        return kode_kecamatan(kecamatan[0]["kode"]) if kecamatan else None

    def wholly_in(self, position: Position, radius_m: float) -> KodeKabKota | None:
        """Name the only centre that a circle touches; None when there are several or it reaches outside."""
        answer = self._resolve(position, radius_m=radius_m, confidence_share=0.95)
        if answer["outcome"] != "inside":
            return None
        return kode_kabkota(answer["centre"]["kode"])

    def _resolve(self, position: Position, **more: float) -> dict[str, Any]:
        """Ask which centre a place belongs to; raises NotFound while nobody answers."""
        body = {"lat_deg": position.lat_deg, "lon_deg": position.lon_deg, **more}
        answer = self._send("POST", "/api/v1/resolve", body)
        if answer is None:
            raise NotFound(f"{self.kode} does not answer")
        return answer

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, key: str | None = None
    ) -> dict[str, Any] | None:
        """Send one request; a refusal or a centre that is down is told and gives None: carriers go on, too."""
        headers = {} if key is None else {"X-Api-Key": key}
        try:
            answer = self._http.request(method, path, json=body, headers=headers)
            if answer.status_code == httpx.codes.UNAUTHORIZED and key is None:
                self._log_in()
                answer = self._http.request(method, path, json=body, headers=headers)
        except httpx.TransportError as error:
            _log.warning("%s %s %s: %s", self.kode, method, path, error)
            return None
        # 409: the human was faster, which is what the demonstration is for.
        if answer.is_error:
            if answer.status_code != httpx.codes.CONFLICT:
                _log.warning("%s %s %s: %s %s", self.kode, method, path, answer.status_code, answer.text[:300])
            return None
        found: dict[str, Any] = answer.json()
        return found

    def _log_in(self) -> None:
        self._http.post("/api/v1/login", json={"user": self.user, "password": self._password})
