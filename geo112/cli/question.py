"""What `geo112 resolve` would ask a caller on a border, and what the answer makes of the decision."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from geo112.core.shapes import Area
from geo112.desk.landmarks import Surveyor
from geo112.locate.places.shelf import Shelf
from geo112.zones.decision import DEFAULT_RULE, Decision
from geo112.zones.index import ZoneIndex
from geo112.zones.question.ask import Answered, Reply
from geo112.zones.question.choose import WRONG_SHARE
from geo112.zones.question.offered import Asking, Offer
from geo112.zones.question.settle import settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question, None where none is worth asking, and the decision after its answer."""

    offer: Offer | None
    after: Decision | None


def ask(index: ZoneIndex, area: Area, decision: Decision, *, places: Path, named: bool, reply: Reply | None) -> Asked:
    """Choose the question, and weigh the reply to it where there is one.

    Raises DataMissing or StorageError where a file of places that the user `named` cannot be read.
    """
    shelf = Shelf(places)
    if named:
        shelf.places()
    asking = Asking(rule=DEFAULT_RULE, wrong_share=WRONG_SHARE)
    settled = partial(settle, index=index, landmarks=Surveyor(shelf).around, asking=asking)
    offer = settled(area, decision, answers=()).offer
    if offer is None or reply is None:
        return Asked(offer=offer, after=None)
    after = settled(area, decision, answers=[Answered(question=offer.question, reply=reply)]).decision
    return Asked(offer=offer, after=after)
