"""The desk: every step that a call can take, each recorded before anything is worked out."""

from geo112.core.clock import Clock
from geo112.core.codes import KodeKabKota
from geo112.core.ids import fresh_uuid7
from geo112.desk.board import Board
from geo112.desk.exchange import CarrierData, CarrierSetup, Exchange, PbxEvent
from geo112.desk.given import GivenPosition
from geo112.desk.intake import Intake, Receipt, SmsReceipt
from geo112.desk.joining import Joining
from geo112.desk.link_outbox import LinkOutbox
from geo112.desk.link_page import LinkPage
from geo112.desk.links import Links, LinkSetup
from geo112.desk.locating import DECIDING, Deciding, Locator, ReadMessage, Zones
from geo112.desk.panic import Kept, Panic, PanicButton
from geo112.desk.purge import Purge
from geo112.desk.questions import Questions
from geo112.desk.recorder import Ids, Recorder
from geo112.desk.steps import Steps
from geo112.incidents.events import Actor
from geo112.incidents.ports import IncidentLog
from geo112.locate.read import read_message
from geo112.zones.question.offered import Settle

__all__ = [
    "CarrierData",
    "CarrierSetup",
    "Deciding",
    "Desk",
    "GivenPosition",
    "Kept",
    "Panic",
    "PbxEvent",
    "Receipt",
    "SmsReceipt",
    "Zones",
]


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
        carrier: CarrierSetup | None = None,
        deciding: Deciding = DECIDING,
        settle: Settle | None = None,
    ) -> None:
        """Join the log, the boundaries, the board and the clock of the centre with this code."""
        recorder = Recorder(log=log, board=board, clock=clock, ids=ids)
        locator = Locator(zones=zones, read=read, deciding=deciding)
        self._board = board
        self.deciding = deciding
        questions = Questions(recorder, settle)
        recorder.after_located = lambda call, actor: questions.weigh(call, actor=actor)
        joining = Joining(recorder)
        intake = Intake(recorder, joining, locator)
        exchange = Exchange(recorder, joining, locator, carrier or CarrierSetup())
        steps = Steps(recorder, kode=kode)
        setup = links or LinkSetup()
        self.link_outbox = LinkOutbox(recorder, setup.gateway)
        self.links = Links(recorder, self.link_outbox, setup)
        self.link_page = LinkPage(recorder, locator)
        self.receive_call = intake.receive_call
        self.receive_sms = intake.receive_sms
        self.pbx = exchange.pbx
        self.waits_for_server = exchange.waits_for_server
        self.follow_references = exchange.follow
        panic = PanicButton(recorder, joining, locator)
        self.press_panic = panic.press
        self.follow_panic = panic.follow
        self.let_go_panic = panic.let_go
        self.purge_waiting = Purge(recorder).waiting
        self.add_position = intake.add_position
        self.add_message = intake.add_message
        self._finish_messages = intake.finish_unread
        self.answer = steps.answer
        self.end = steps.end
        self.screen = steps.screen
        self.note = steps.note
        self.link = steps.link
        self.answer_question = questions.answer
        self.open_incident = steps.open_incident
        self.close_incident = steps.close_incident

    def finish_unread(self, *, actor: Actor) -> int:
        """Look at every message that was recorded but not read, as after a power cut, and say how many there were."""
        found = self._finish_messages(actor=actor)
        for call_id in dict.fromkeys(self._board.unread().values()):
            self.follow_references(call_id, actor=actor)
        return found
