"""Keywords and synonyms that officials propose: kept, tried on test questions, then taken into use or left."""

from datetime import datetime

from bot.actions.deliveries import Lane, Say
from bot.actions.ports import Transaction
from bot.actions.questions import PATIENCE, Question
from bot.domain.catalogue import EntryId, Synonym
from bot.domain.language import Text
from bot.domain.teaching import ChangeKind, Proposal, ProposalState, Replay
from bot.text import teaching_words
from bot.text.reply import choices, say

TAKE_WORD = Text(fi="!ota-käyttöön", sv="!ta-i-bruk", en="!take-into-use")
LEAVE_WORD = Text(fi="!jätä-muutos", sv="!lämna-ändring", en="!leave-change")


def report(tx: Transaction, proposal: Proposal, replay: Replay | None, now: datetime) -> None:
    """Says what the change does to the test questions, and asks. None: it could not be tried."""
    language = proposal.language
    tx.teaching.settle(proposal.id, ProposalState.TRIED)
    reply = say(teaching_words.NOT_TRIED.in_(language)) if replay is None else teaching_words.replayed(replay, language)
    reply += choices(teaching_words.TAKE.in_(language), teaching_words.LEAVE.in_(language))
    lane = Lane(proposal.lane)
    item = tx.outbox.put(lane, Say(reply, choices=2), key=f"proposal:{proposal.id}", now=now)
    lines = (f"{TAKE_WORD.in_(language)} {proposal.id}", f"{LEAVE_WORD.in_(language)} {proposal.id}")
    tx.questions.put(lane, proposal.person, Question(language, "", lines, now + PATIENCE), item)


def take(tx: Transaction, proposal: Proposal) -> bool:
    """Into use; false where that was decided already."""
    if proposal.state is not ProposalState.TRIED:
        return False
    change = proposal.change
    if change.kind is ChangeKind.TERMS:
        tx.catalogue.teach(EntryId(change.target), change.language, change.words)
    elif change.kind is ChangeKind.FEWER_TERMS:
        tx.catalogue.unteach(EntryId(change.target), change.language, change.words)
    elif not change.words:
        tx.catalogue.drop_synonym(change.language, change.target)
    else:
        tx.catalogue.set_synonym(Synonym(change.language, change.target, change.words))
    tx.teaching.settle(proposal.id, ProposalState.TAKEN)
    return True


def leave(tx: Transaction, proposal: Proposal) -> bool:
    if proposal.state is not ProposalState.TRIED:
        return False
    tx.teaching.settle(proposal.id, ProposalState.LEFT)
    return True
