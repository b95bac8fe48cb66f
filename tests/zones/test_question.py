"""The question that settles a border case: worth, choice and Bayes, against brute force on squares."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box
from zone_maps import DrawMap

from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Polygon
from geo112.zones.decision import DecisionRule
from geo112.zones.index import ZoneIndex
from geo112.zones.question.ask import Answered, Direction, Question, QuestionKind, Reply
from geo112.zones.question.candidates import candidates
from geo112.zones.question.choose import gains_bits, likelihood, next_question, with_answers
from geo112.zones.question.cloud import Cloud
from geo112.zones.question.landmark import Landmark, known_share
from geo112.zones.question.offered import Asking
from geo112.zones.question.settle import settle
from geo112.zones.question.weigh import yes_share
from geo112.zones.question.wire import offer_from_wire, offer_to_dict, offer_to_wire
from geo112.zones.question.words import spoken, text_en, text_id

BORDER = Position(lon_deg=112.2, lat_deg=-8.1)
WEST, EAST = "35.72", "35.05"
CIRCLE = Circle(middle=BORDER, radius_m=400, confidence_share=0.68)


@pytest.fixture(scope="module")
def squares(draw_map: DrawMap) -> ZoneIndex:
    """Kota 35.72 in the west, 35.05 in the east, the border at 112.2 E."""
    return draw_map({"35.72.01": box(112.1, -8.2, 112.2, -8.0), "35.05.01": box(112.2, -8.2, 112.3, -8.0)})


def mark(name: str, kind: str, *, bearing_deg: float, distance_m: float, radius_m: float = 80.0) -> Landmark:
    middle = BORDER.moved(bearing_deg=bearing_deg, distance_m=distance_m)
    return Landmark(name=name, kind=kind, middle=middle, radius_m=radius_m)


def river(*, east_m: float = 0.0, kind: str = "sungai", bends: bool = False) -> Landmark:
    """A river that runs north, beside the border."""
    foot = BORDER.moved(bearing_deg=90, distance_m=east_m)
    ends = [foot.moved(bearing_deg=180, distance_m=1_500), foot.moved(bearing_deg=0, distance_m=1_500)]
    way = [ends[0], foot.moved(bearing_deg=90, distance_m=1_400), ends[1]] if bends else ends
    return Landmark(name="Lahar", kind=kind, middle=foot, radius_m=1_500, lines=(tuple(way),))


def village(name: str, kode: str, *, bearing_deg: float, distance_m: float) -> Landmark:
    middle = BORDER.moved(bearing_deg=bearing_deg, distance_m=distance_m)
    return Landmark(name=name, kind="desa", middle=middle, radius_m=900, kode=kode)


VILLAGES = [
    village("Sentul", "35.72.01.1001", bearing_deg=270, distance_m=900),
    village("Gedog", "35.72.01.1002", bearing_deg=300, distance_m=3_000),
    village("Papungan", "35.05.01.2001", bearing_deg=90, distance_m=900),
]


def cloud_of(index: ZoneIndex, area: Area = CIRCLE) -> Cloud:
    return Cloud.of(area, index)


def test_the_places_of_every_shape_give_the_shares_of_the_decision(squares: ZoneIndex) -> None:
    west = BORDER.moved(bearing_deg=270, distance_m=150)
    ring = tuple(west.moved(bearing_deg=turn, distance_m=900) for turn in (0, 240, 120))
    shapes: list[Area] = [
        Circle(middle=west, radius_m=400, confidence_share=0.68),
        Circle(middle=west, radius_m=400, confidence_share=0.95),
        Ellipse(middle=west, semi_major_m=900, semi_minor_m=200, orientation_deg=70),
        ArcBand(apex=west, inner_m=100, outer_m=700, start_deg=40, opening_deg=100),
        ArcBand(apex=west, inner_m=100, outer_m=700, start_deg=0, opening_deg=360),
        Polygon(ring=ring, confidence_share=0.95),
    ]
    for area in shapes:
        exact = {one.kode: one.share for one in squares.decide(area).shares.centres}
        drawn = cloud_of(squares, area).shares
        assert drawn[WEST] == pytest.approx(exact[WEST], abs=0.02), area


def test_the_places_are_the_same_every_time(squares: ZoneIndex) -> None:
    first, again = cloud_of(squares), cloud_of(squares)
    assert np.array_equal(first.east_m, again.east_m)
    assert np.array_equal(first.felt_rows, again.felt_rows)


def test_shares_that_were_worked_out_exactly_are_kept(squares: ZoneIndex) -> None:
    cloud = cloud_of(squares).with_shares({WEST: 0.31, EAST: 0.69}, outside_share=0.0)
    assert cloud.shares[WEST] == pytest.approx(0.31)
    assert cloud.weight.sum() == pytest.approx(1)


def test_a_river_on_the_border_is_asked_by_its_side_and_a_market_afar_is_not(squares: ZoneIndex) -> None:
    marks = [river(), mark("Pon", "pasar", bearing_deg=0, distance_m=2_500)]
    advice = next_question(cloud_of(squares), marks)
    assert advice is not None
    assert text_id(advice.question) == "Apakah Bapak/Ibu di sebelah timur Sungai Lahar?"
    assert text_en(advice.question) == "Are you on the east side of Sungai Lahar?"
    assert advice.if_yes.shares[EAST] > 0.9
    assert advice.if_no.shares[WEST] > 0.9
    assert 0.3 < advice.gain_bits < 0.75


def test_a_river_that_bends_names_no_side(squares: ZoneIndex) -> None:
    kinds = {question.kind for question, _ in candidates(cloud_of(squares), [river(bends=True)])}
    assert kinds == {QuestionKind.NEAR}


@pytest.mark.parametrize("backwards", [False, True])
def test_the_side_of_a_line_does_not_hang_on_how_it_was_drawn(squares: ZoneIndex, *, backwards: bool) -> None:
    drawn = river()
    line = drawn.lines[0][::-1] if backwards else drawn.lines[0]
    cloud = cloud_of(squares)
    found = [one for one, _ in candidates(cloud, [replace(drawn, lines=(line,))]) if one.kind is QuestionKind.SIDE]
    assert [one.direction for one in found] == [Direction.TIMUR]
    yes = yes_share(found[0], cloud)
    assert yes[cloud.east_m > 100].min() > 0.99
    assert yes[cloud.east_m < -100].max() < 0.01


def test_pieces_of_one_river_that_were_drawn_against_each_other_have_one_side(squares: ZoneIndex) -> None:
    south, north = river().lines[0]
    lines = ((BORDER, south), (BORDER, north))
    cloud = cloud_of(squares)
    side = next(one for one, _ in candidates(cloud, [replace(river(), lines=lines)]) if one.kind is QuestionKind.SIDE)
    yes = yes_share(side, cloud)
    assert yes[cloud.east_m > 100].min() > 0.99
    assert yes[cloud.east_m < -100].max() < 0.01


def test_near_falls_with_distance_and_each_side_of_a_place_is_its_own(squares: ZoneIndex) -> None:
    cloud = cloud_of(squares, Circle(middle=BORDER, radius_m=1_500))
    pasar = mark("Pon", "pasar", bearing_deg=0, distance_m=0)
    asked = {(one.kind, one.direction): yes_share(one, cloud) for one, _ in candidates(cloud, [pasar])}
    distance = np.hypot(cloud.east_m, cloud.north_m)
    near = asked[QuestionKind.NEAR, None]
    assert np.all(np.diff(near[np.argsort(distance)]) <= 1e-12)
    north = asked[QuestionKind.SIDE, Direction.UTARA]
    assert north[(cloud.north_m > 600) & (np.abs(cloud.east_m) < 100)].min() > 0.95
    assert north[(cloud.north_m < -600)].max() < 0.1


def test_a_village_is_where_its_middle_is_nearest_and_only_within_its_kecamatan(squares: ZoneIndex) -> None:
    cloud = cloud_of(squares, Circle(middle=BORDER, radius_m=1_500))
    asked = {one.place: one for one, _ in candidates(cloud, VILLAGES)}
    assert set(asked) == {"Kelurahan Sentul", "Kelurahan Gedog", "Desa Papungan"}
    sentul = yes_share(asked["Kelurahan Sentul"], cloud)
    assert sentul[cloud.east_m > 500].max() == 0
    assert sentul[(cloud.east_m < -500) & (cloud.east_m > -1_000) & (np.abs(cloud.north_m) < 300)].min() == 1


def test_two_places_of_one_name_are_not_asked_for(squares: ZoneIndex) -> None:
    twins = [mark("Al Falah", "masjid", bearing_deg=turn, distance_m=200) for turn in (80, 260)]
    assert list(candidates(cloud_of(squares), twins)) == []
    assert len(list(candidates(cloud_of(squares), twins[:1]))) == 5


def test_nobody_is_asked_for_what_lies_too_far_or_is_known_to_nobody(squares: ZoneIndex) -> None:
    shops = [
        mark("Warung Bu Sri", "lainnya", bearing_deg=0, distance_m=50),
        mark("Al Huda", "masjid", bearing_deg=0, distance_m=2_000),
    ]
    assert list(candidates(cloud_of(squares), shops)) == []
    assert known_share("pasar", distance_m=100) > known_share("masjid", distance_m=100) > 0


def test_nothing_is_asked_where_it_is_sure_or_not_worth_it(squares: ZoneIndex) -> None:
    inside = Circle(middle=BORDER.moved(bearing_deg=270, distance_m=2_000), radius_m=100)
    assert next_question(cloud_of(squares, inside), [river()]) is None
    along = [river(kind="jalan", east_m=2_000)]
    assert next_question(cloud_of(squares), along) is None
    assert next_question(cloud_of(squares), [river()], sure_share=0.4) is None


def test_what_was_asked_is_not_asked_again(squares: ZoneIndex) -> None:
    marks = [river(), mark("Pon", "pasar", bearing_deg=90, distance_m=300)]
    first = next_question(cloud_of(squares), marks)
    assert first is not None
    second = next_question(cloud_of(squares), marks, asked=[first.question])
    assert second is not None
    assert second.question.place == "Pasar Pon"


def test_the_choice_does_not_hang_on_the_order_of_places(squares: ZoneIndex) -> None:
    marks = [river(), *VILLAGES, mark("Pon", "pasar", bearing_deg=90, distance_m=300)]
    found = {
        (advice.question, advice.gain_bits)
        for order in itertools.permutations(marks)
        if (advice := next_question(cloud_of(squares), order)) is not None
    }
    assert len(found) == 1


def brute_gain(weights: list[float], centres: list[int], yes: list[float], wrong_share: float) -> float:
    """Mutual information by its definition: the sum over centres and answers of p log p / (p p)."""
    joint: dict[tuple[int, bool], float] = {}
    for weight, centre, share in zip(weights, centres, yes, strict=True):
        for said in (True, False):
            truly = share if said else 1 - share
            chance = weight * ((1 - wrong_share) * truly + wrong_share * (1 - truly))
            joint[centre, said] = joint.get((centre, said), 0.0) + chance
    of_centre = {c: sum(v for (one, _), v in joint.items() if one == c) for c, _ in joint}
    of_answer = {a: sum(v for (_, one), v in joint.items() if one == a) for _, a in joint}
    return sum(v * math.log2(v / (of_centre[c] * of_answer[a])) for (c, a), v in joint.items() if v > 0)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.05, 0.2, 0.49]))
def test_the_worth_is_the_mutual_information_by_its_definition(squares: ZoneIndex, seed: int, wrong: float) -> None:
    dice = np.random.default_rng(seed)
    cloud = cloud_of(squares)
    cloud = cloud.after(dice.random(cloud.weight.size))
    yes = dice.random(cloud.weight.size) ** dice.integers(1, 6)
    ours = float(gains_bits(cloud, yes[np.newaxis], wrong_share=wrong)[0])
    exact = brute_gain(cloud.weight.tolist(), cloud.centre_of.tolist(), yes.tolist(), wrong)
    assert ours == pytest.approx(exact, abs=1e-12)


def some_questions(cloud: Cloud) -> list[Question]:
    marks = [river(east_m=30), *VILLAGES, mark("Pon", "pasar", bearing_deg=70, distance_m=300)]
    return [one for one, _ in candidates(cloud, marks)]


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(list(Reply))), max_size=5), st.randoms())
def test_answers_multiply_in_any_order_and_not_knowing_says_nothing(squares: ZoneIndex, given_: list, dice) -> None:
    cloud = cloud_of(squares)
    questions = some_questions(cloud)
    answers = [Answered(question=questions[at % len(questions)], reply=reply) for at, reply in given_]
    weights = cloud.weight.copy()
    for one in answers:
        yes = yes_share(one.question, cloud)
        said = {Reply.YA: 0.05 + 0.9 * yes, Reply.TIDAK: 0.95 - 0.9 * yes, Reply.TIDAK_TAHU: np.ones_like(yes)}
        weights = weights * said[one.reply]
    exact = np.bincount(cloud.centre_of, weights=weights, minlength=3) / weights.sum()
    for order in (answers, dice.sample(answers, len(answers))):
        assert with_answers(cloud, order, wrong_share=0.05).masses == pytest.approx(exact, abs=1e-12)


def test_the_chances_of_both_answers_add_up_and_their_shares_to_what_was_known(squares: ZoneIndex) -> None:
    cloud = cloud_of(squares)
    for question in some_questions(cloud):
        yes = yes_share(question, cloud)
        assert yes.min() >= 0
        assert yes.max() <= 1
        said = [likelihood(yes, reply, wrong_share=0.05) for reply in (Reply.YA, Reply.TIDAK)]
        assert said[0] + said[1] == pytest.approx(1)
        chances = [float(cloud.weight @ one) for one in said]
        mixed = sum(chance * cloud.after(one).masses for chance, one in zip(chances, said, strict=True))
        assert mixed == pytest.approx(cloud.masses)


def test_an_answer_that_is_always_right_decides_and_one_that_is_a_coin_says_nothing(squares: ZoneIndex) -> None:
    cloud = cloud_of(squares)
    side = next(one for one in some_questions(cloud) if one.kind is QuestionKind.SIDE and one.lines)
    answer = [Answered(question=side, reply=Reply.YA)]
    assert with_answers(cloud, answer, wrong_share=0.0).shares[EAST] > 0.95
    assert with_answers(cloud, answer, wrong_share=0.5).shares[EAST] == pytest.approx(cloud.shares[EAST])


ASKING = Asking(rule=DecisionRule(), wrong_share=0.05)


def test_settling_keeps_the_decision_until_an_answer_counts(squares: ZoneIndex) -> None:
    decision = squares.decide(CIRCLE)
    first = settle(CIRCLE, decision, index=squares, landmarks=lambda _: [river()], answers=(), asking=ASKING)
    assert first.decision is None
    assert first.offer is not None
    unknown = [Answered(question=first.offer.question, reply=Reply.TIDAK_TAHU)]
    after = settle(CIRCLE, decision, index=squares, landmarks=lambda _: [river()], answers=unknown, asking=ASKING)
    assert after.decision is None
    yes = [Answered(question=first.offer.question, reply=Reply.YA)]
    after = settle(CIRCLE, decision, index=squares, landmarks=lambda _: [river()], answers=yes, asking=ASKING)
    assert after.decision is not None
    assert after.decision.sure
    assert after.offer is None
    assert after.decision.shares.centres == first.offer.if_yes
    assert sum(one.share for one in after.decision.shares.kecamatan) == pytest.approx(1)
    assert after.decision.shares.boundaries == decision.shares.boundaries


def test_an_answer_counts_for_a_better_position_too(squares: ZoneIndex) -> None:
    offer = settle(
        CIRCLE, squares.decide(CIRCLE), index=squares, landmarks=lambda _: [river()], answers=(), asking=ASKING
    ).offer
    assert offer is not None
    answers = [Answered(question=offer.question, reply=Reply.TIDAK)]
    better = Circle(middle=BORDER.moved(bearing_deg=90, distance_m=20), radius_m=60, confidence_share=0.68)
    plain = squares.decide(better)
    after = settle(better, plain, index=squares, landmarks=lambda _: [], answers=answers, asking=ASKING).decision
    assert plain.primary is not None
    assert plain.primary.kode == EAST
    assert after is not None
    assert after.primary is not None
    assert after.primary.kode == WEST


def test_an_offer_reads_back_as_it_was_written_and_shows_what_the_interface_promises(squares: ZoneIndex) -> None:
    for landmarks in ([river()], VILLAGES):
        offer = settle(
            CIRCLE,
            squares.decide(CIRCLE),
            index=squares,
            landmarks=lambda _, landmarks=landmarks: landmarks,
            answers=(),
            asking=ASKING,
        ).offer
        assert offer is not None
        assert offer_from_wire(offer_to_wire(offer)) == offer
        keys = ["text", "text_en", "kind", "place", "lat_deg", "lon_deg", "gain_bits", "if_yes", "if_no"]
        assert list(offer_to_dict(offer)) == keys


@pytest.mark.parametrize(
    ("name", "kind", "kode", "said"),
    [
        ("Bendogerit", "desa", "35.72.03.1004", "Kelurahan Bendogerit"),
        ("Papungan", "desa", "35.05.10.2001", "Desa Papungan"),
        ("Sananwetan", "kecamatan", "35.72.03", "Kecamatan Sananwetan"),
        ("Pasar Pon", "pasar", None, "Pasar Pon"),
        ("Legi", "pasar", None, "Pasar Legi"),
        ("SDN 1 Sentul", "sekolah", None, "SDN 1 Sentul"),
        ("Kali Lahar", "sungai", None, "Kali Lahar"),
        ("Ciliwung", "sungai", None, "Ciliwung"),
        ("Brantas", "sungai", None, "Sungai Brantas"),
        ("Merdeka", "jalan", None, "Jalan Merdeka"),
        ("Makam Bung Karno", "wisata", None, "Makam Bung Karno"),
    ],
)
def test_a_place_is_named_so_that_it_is_clear_what_is_meant(name: str, kind: str, kode: str | None, said: str) -> None:
    assert spoken(name, kind, kode) == said
