"""What a power cut does to a link whose SMS is on its way, and how fast a centre stops meanwhile."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

from running_centre import Served, new_centre, serving, stop

from geo112.desk.links import RESTARTED
from geo112.settings import FILE_NAME


def made_link(served: Served) -> dict[str, str]:
    served.log_in()
    call = served.http.post("/api/v1/calls", json={"number": "081234567890"}).json()["call_id"]
    answer = served.http.post(f"/api/v1/calls/{call}/links", json={"via": "sms"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def shared(served: Served, url: str) -> int:
    here = {
        "lat_deg": -8.1,
        "lon_deg": 112.17,
        "accuracy_m": 20,
        "taken_at_ms": 0,
        "now_ms": 0,
        "device": "satu-ponsel",
    }
    return served.http.post(f"{urlsplit(url).path}/fix", json=here).status_code


def test_after_kill_9_no_link_is_lost_none_is_sent_twice_and_the_call_taker_knows(tmp_path: Path) -> None:
    made = new_centre(tmp_path)
    with socket.socket() as gateway:
        # It takes the message and never says so.
        gateway.bind(("127.0.0.1", 0))
        gateway.listen()
        with (tmp_path / FILE_NAME).open("a") as file:
            file.write(f'sms_gateway_url = "http://127.0.0.1:{gateway.getsockname()[1]}/kirim"\n')
        with serving(made) as served:
            given = made_link(served)
            assert (given["state"], given["gateway"]) == ("made", "http")
            first, _ = gateway.accept()
            with first:
                served.process.kill()
                served.process.wait(10)
        gateway.settimeout(0.3)
        with serving(made) as served:
            served.log_in()
            [link] = served.state()["calls"][0]["links"]
            assert (link["link_id"], link["state"], link["reason"]) == (given["link_id"], "send_failed", RESTARTED)
            assert shared(served, given["url"]) == 200
            assert served.state()["calls"][0]["links"][0]["state"] == "shared"
            try:
                gateway.accept()[0].close()
                sent_again = True
            except TimeoutError:
                sent_again = False
            assert not sent_again
            # While a gateway holds a message up, the centre still stops within seconds.
            made_link(served)
            second, _ = gateway.accept()
            with second:
                code, took_s = stop(served.process)
            assert code == 0
            assert took_s < 8
