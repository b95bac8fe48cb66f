"""What the tests of the intake say about calls and positions."""

from told import IMEI, IMSI, SITI, Scene

from geo112.desk.desk import GivenPosition
from geo112.incidents.events import Channel

SWAPPED = GivenPosition(lat_deg=112.1681, lon_deg=-8.0985, radius_m=20.0)

HERE = GivenPosition(lat_deg=-8.0985, lon_deg=112.1681, radius_m=50.0, confidence_share=0.95)

NO_POSITION = (
    f'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20261122095955;lc=0;pm=N;si={IMSI};ei={IMEI};mcc=510;mnc=10;ml=1'
)


def received(scene: Scene, **said: object):
    return scene.desk.receive_call(actor=SITI, channel=said.pop("channel", Channel.CONSOLE), **said)
