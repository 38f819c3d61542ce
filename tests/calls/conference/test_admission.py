import pytest

from bot.calls.conference import Admitted, Conference, Policy, PolicyChange, Refusal, Refused
from bot.calls.evidence import EvidenceDraft, Kind, LeaveReason

NOW = 1_800_000_000.0


@pytest.fixture
def room() -> Conference:
    return Conference("huone", Policy())


def enter(room: Conference, identity: str, now: float = NOW, issued: float | None = None) -> str:
    admitted = room.admit(identity, identity.title(), "citizen", now, issued=issued)
    assert isinstance(admitted, Admitted)
    return admitted.sid


def refused(room: Conference, identity: str, now: float = NOW, issued: float | None = None) -> Refusal | None:
    answer = room.admit(identity, "", "citizen", now, issued=issued)
    return answer.why if isinstance(answer, Refused) else None


def kinds(drafts: list[EvidenceDraft]) -> list[tuple[Kind, str]]:
    return [(draft.kind, draft.identity) for draft in drafts]


def test_the_first_to_come_opens_the_room(room: Conference) -> None:
    enter(room, "citizen")
    enter(room, "official")
    assert kinds(room.take_evidence()) == [(Kind.OPENED, ""), (Kind.JOINED, "citizen"), (Kind.JOINED, "official")]


def test_a_locked_room_lets_nobody_new_in_and_lets_back_in_who_was_in_it(room: Conference) -> None:
    sid = enter(room, "citizen")
    room.change(PolicyChange(locked=True))
    assert refused(room, "official") is Refusal.LOCKED
    room.left(sid, LeaveReason.DEAD, NOW + 5)
    assert refused(room, "official", NOW + 6) is Refusal.LOCKED
    enter(room, "citizen", NOW + 7)


def test_an_unlocked_room_lets_new_people_in_again(room: Conference) -> None:
    room.change(PolicyChange(locked=True))
    assert refused(room, "official") is Refusal.LOCKED
    room.change(PolicyChange(locked=False))
    enter(room, "official")


def test_a_full_room_lets_in_only_who_takes_their_own_place() -> None:
    room = Conference("huone", Policy(max_participants=2))
    enter(room, "citizen")
    enter(room, "official")
    assert refused(room, "cai") is Refusal.FULL
    enter(room, "official")
    assert len(room) == 2


def test_a_lower_limit_sends_nobody_away(room: Conference) -> None:
    for name in ("citizen", "official", "cai"):
        enter(room, name)
    room.change(PolicyChange(max_participants=1))
    assert len(room) == 3
    assert refused(room, "dan") is Refusal.FULL


def test_a_change_leaves_the_other_rules_as_they_are() -> None:
    room = Conference("huone", Policy(locked=True, max_participants=4, loudest=2, last_n=6))
    room.change(PolicyChange(loudest=0))
    assert room.policy == Policy(locked=True, max_participants=4, loudest=0, last_n=6)


def test_a_new_connection_replaces_the_old_one_and_says_so(room: Conference) -> None:
    old = enter(room, "citizen")
    room.measured(old, quality="poor", lost_share=0.25, round_trip_ms=80)
    room.take_evidence()
    new = room.admit("citizen", "Kuntalainen", "citizen", NOW + 30)
    assert isinstance(new, Admitted)
    assert new.replaces == old
    left, joined = room.take_evidence()
    assert (left.kind, left.sid, left.at) == (Kind.LEFT, old, NOW + 30)
    assert left.facts == {
        "reason": "replaced",
        "seconds": 30.0,
        "speaking_s": 0.0,
        "lost_share": 0.25,
        "round_trip_ms": 80,
    }
    assert (joined.kind, joined.sid, joined.at) == (Kind.JOINED, new.sid, NOW + 30)
    assert joined.facts == {"name": "Kuntalainen", "role": "citizen", "replaces": old}


def test_who_comes_anew_keeps_their_place_in_the_order(room: Conference) -> None:
    for name in ("citizen", "official"):
        enter(room, name)
    enter(room, "citizen", NOW + 1)
    assert [present.identity for present in room.present()] == ["citizen", "official"]


def test_the_end_of_a_replaced_connection_ends_nobodys_presence(room: Conference) -> None:
    old = enter(room, "citizen")
    enter(room, "citizen", NOW + 1)
    room.take_evidence()
    room.left(old, LeaveReason.DEAD, NOW + 2)
    assert room.take_evidence() == []
    assert len(room) == 1


def test_tokens_from_before_a_removal_are_refused_and_a_new_one_is_good(room: Conference) -> None:
    sid = enter(room, "citizen", issued=NOW - 60)
    assert room.remove("citizen", NOW + 0.5) == sid
    assert refused(room, "citizen", NOW + 1, issued=NOW - 60) is Refusal.REMOVED
    assert refused(room, "citizen", NOW + 1, issued=NOW) is Refusal.REMOVED
    assert refused(room, "citizen", NOW + 1) is Refusal.REMOVED
    enter(room, "citizen", NOW + 2, issued=NOW + 1)


def test_who_is_removed_before_they_came_is_refused_too(room: Conference) -> None:
    assert room.remove("citizen", NOW) is None
    assert refused(room, "citizen", NOW + 1, issued=NOW - 1) is Refusal.REMOVED


def test_a_removed_person_is_new_to_a_locked_room(room: Conference) -> None:
    enter(room, "citizen", issued=NOW - 1)
    room.change(PolicyChange(locked=True))
    room.remove("citizen", NOW)
    assert refused(room, "citizen", NOW + 5, issued=NOW + 4) is Refusal.LOCKED


def test_a_removal_is_forgotten_when_the_last_token_has_run_out(room: Conference) -> None:
    room.remove("citizen", NOW)
    assert not room.is_spent(NOW + 599)
    assert room.is_spent(NOW + 601)
    enter(room, "citizen", NOW + 601)


def test_closing_ends_every_presence_and_the_tokens(room: Conference) -> None:
    sids = (enter(room, "citizen"), enter(room, "official"))
    room.take_evidence()
    assert room.close(NOW + 60) == sids
    drafts = room.take_evidence()
    assert kinds(drafts) == [(Kind.LEFT, "citizen"), (Kind.LEFT, "official"), (Kind.CLOSED, "")]
    assert {draft.facts.get("reason") for draft in drafts[:2]} == {"room_closed"}
    assert refused(room, "citizen", NOW + 61, issued=NOW) is Refusal.CLOSED
    enter(room, "citizen", NOW + 62, issued=NOW + 61)


def test_closing_brings_the_first_rules_back_and_lifts_the_silencing() -> None:
    room = Conference("huone", Policy(loudest=5))
    enter(room, "citizen")
    room.change(PolicyChange(locked=True, loudest=1))
    room.silence("citizen", muted=True)
    room.close(NOW)
    assert room.policy == Policy(loudest=5)
    assert room.silence("citizen", muted=False) is None


def test_an_empty_room_falls_asleep_once_is_unlocked_and_keeps_its_other_rules(room: Conference) -> None:
    sid = enter(room, "citizen")
    room.change(PolicyChange(locked=True, loudest=1))
    room.left(sid, LeaveReason.LEFT, NOW + 9)
    assert room.empty_since == NOW + 9
    room.take_evidence()
    room.fall_asleep(NOW + 30)
    room.fall_asleep(NOW + 31)
    assert kinds(room.take_evidence()) == [(Kind.CLOSED, "")]
    assert not room.is_spent(NOW + 10_000)
    assert room.policy.loudest == 1
    enter(room, "official", NOW + 41)
    assert kinds(room.take_evidence())[0] == (Kind.OPENED, "")


def test_a_room_with_people_does_not_fall_asleep(room: Conference) -> None:
    enter(room, "citizen")
    room.take_evidence()
    room.fall_asleep(NOW)
    assert room.take_evidence() == []


def test_a_stopping_engine_tells_that_everybody_left_and_lets_them_back(room: Conference) -> None:
    enter(room, "citizen", issued=NOW - 5)
    room.take_evidence()
    room.stop(NOW + 10)
    left, closed = room.take_evidence()
    assert left.facts["reason"] == "engine_stopped"
    assert closed.kind is Kind.CLOSED
    enter(room, "citizen", NOW + 11, issued=NOW - 5)


def test_unknown_connections_are_no_error(room: Conference) -> None:
    room.left("PA_x", LeaveReason.LEFT, NOW)
    room.measured("PA_x", quality="good")
    room.mute("PA_x", "TR_x", muted=True, by_chair=True, now=NOW)
    room.wish("PA_x", "TR_x", paused=True)
    assert room.seen_by("PA_x", NOW) == {}
    assert room.heard_by("PA_x", NOW) == frozenset()
    assert room.take_evidence() == []


def test_a_room_with_somebody_in_it_is_not_empty(room: Conference) -> None:
    assert room.empty_since is None
    enter(room, "citizen")
    assert room.empty_since is None
