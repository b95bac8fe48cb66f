"""The desk: every step that a call can take, each recorded before anything is worked out."""

from geo112.core.clock import Clock
from geo112.core.codes import KodeKabKota
from geo112.core.ids import fresh_uuid7
from geo112.desk.board import Board
from geo112.desk.given import GivenPosition
from geo112.desk.intake import Intake, PbxEvent, Receipt, SmsReceipt
from geo112.desk.link_outbox import LinkOutbox
from geo112.desk.link_page import LinkPage
from geo112.desk.links import Links, LinkSetup
from geo112.desk.locating import Locator, ReadMessage, Zones
from geo112.desk.recorder import Ids, Recorder
from geo112.desk.steps import Steps
from geo112.incidents.ports import IncidentLog
from geo112.locate.read import read_message

__all__ = ["Desk", "GivenPosition", "PbxEvent", "Receipt", "SmsReceipt", "Zones"]


class Desk:
    """Receives calls and messages and takes the steps of a call taker and dispatcher; many threads may use it.

    Several processes may have a desk on the same log. Repeats are recognised across processes; only two that come at
    the same moment through two processes can both be taken as new, which makes two calls and loses none.
    """

    def __init__(  # noqa: PLR0913 - everything that a centre is made of
        self,
        *,
        log: IncidentLog,
        zones: Zones,
        board: Board,
        clock: Clock,
        kode: KodeKabKota,
        ids: Ids = fresh_uuid7,
        read: ReadMessage = read_message,
        links: LinkSetup | None = None,
    ) -> None:
        """Join the log, the boundaries, the board and the clock of the centre with this code."""
        recorder = Recorder(log=log, board=board, clock=clock, ids=ids)
        locator = Locator(zones=zones, read=read)
        intake = Intake(recorder, locator)
        steps = Steps(recorder, kode=kode)
        setup = links or LinkSetup()
        self.link_outbox = LinkOutbox(recorder, setup.gateway)
        self.links = Links(recorder, self.link_outbox, setup)
        self.link_page = LinkPage(recorder, locator)
        self.receive_call = intake.receive_call
        self.receive_sms = intake.receive_sms
        self.pbx = intake.pbx
        self.add_position = intake.add_position
        self.add_message = intake.add_message
        self.finish_unread = intake.finish_unread
        self.answer = steps.answer
        self.end = steps.end
        self.screen = steps.screen
        self.note = steps.note
        self.link = steps.link
        self.open_incident = steps.open_incident
        self.close_incident = steps.close_incident
