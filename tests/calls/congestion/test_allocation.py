"""Who gets which layer of a budget."""

from bot.calls.congestion import Wanted, allocate

LAYERS = ((0, 150e3), (1, 450e3), (2, 1.7e6))


def speaker(at_most: int = 2) -> Wanted:
    return Wanted("TR_speaker", 0, LAYERS, at_most)


def screen() -> Wanted:
    return Wanted("TR_screen", 1, LAYERS)


def others(count: int) -> list[Wanted]:
    return [Wanted(f"TR_{number}", 2, LAYERS) for number in range(count)]


def test_everybody_is_seen_before_anybody_is_seen_better() -> None:
    assert allocate(700e3, [*others(3), speaker()], {}) == {"TR_speaker": 0, "TR_0": 0, "TR_1": 0, "TR_2": 0}


def test_the_speaker_rises_first_then_the_screen_then_the_others() -> None:
    tracks = [*others(2), screen(), speaker()]
    assert allocate(1e6, tracks, {}) == {"TR_speaker": 1, "TR_screen": 0, "TR_0": 0, "TR_1": 0}
    assert allocate(2.4e6, tracks, {}) == {"TR_speaker": 2, "TR_screen": 0, "TR_0": 0, "TR_1": 0}
    assert allocate(2.8e6, tracks, {}) == {"TR_speaker": 2, "TR_screen": 1, "TR_0": 0, "TR_1": 0}
    assert allocate(4.1e6, tracks, {}) == {"TR_speaker": 2, "TR_screen": 2, "TR_0": 0, "TR_1": 0}


def test_those_of_one_rank_rise_in_turn() -> None:
    assert allocate(1.5e6, others(3), {}) == {"TR_0": 1, "TR_1": 1, "TR_2": 1}


def test_when_the_budget_ends_the_least_important_are_paused() -> None:
    assert allocate(330e3, [*others(2), speaker()], {}) == {"TR_speaker": 0, "TR_0": 0, "TR_1": None}
    assert allocate(100e3, [*others(2), speaker()], {}) == {"TR_speaker": None, "TR_0": None, "TR_1": None}


def test_nothing_is_dealt_from_a_budget_that_sound_has_used_up() -> None:
    assert allocate(-50e3, [speaker()], {"TR_speaker": 2}) == {"TR_speaker": None}


def test_no_more_is_given_than_is_wanted() -> None:
    assert allocate(50e6, [speaker(at_most=1)], {}) == {"TR_speaker": 1}
    assert allocate(50e6, [speaker(at_most=-1)], {"TR_speaker": 2}) == {"TR_speaker": None}


def test_who_is_shown_stays_shown_among_equals() -> None:
    shown = {"TR_0": None, "TR_1": 0, "TR_2": 0}
    assert allocate(320e3, others(3), shown) == shown


def test_a_layer_is_kept_at_a_budget_that_would_not_raise_it() -> None:
    assert allocate(440e3, [speaker()], {}) == {"TR_speaker": 0}
    assert allocate(440e3, [speaker()], {"TR_speaker": 1}) == {"TR_speaker": 1}
    assert allocate(400e3, [speaker()], {"TR_speaker": 1}) == {"TR_speaker": 0}


def test_a_decision_repeated_at_the_same_budget_stays() -> None:
    tracks = [*others(4), screen(), speaker()]
    for budget in range(100_000, 8_000_000, 37_000):
        first = allocate(budget, tracks, {})
        second = allocate(budget, tracks, first)
        third = allocate(budget, tracks, second)
        assert third == second


def test_a_track_with_one_layer_and_one_without_any_are_taken_as_they_are() -> None:
    single, empty = Wanted("TR_single", 1, ((2, 900e3),)), Wanted("TR_empty", 0, ())
    assert allocate(1e6, [single, empty], {}) == {"TR_single": 2, "TR_empty": None}
