"""Every trouble has its words in three languages, and every command that words name is there."""

import re

import pytest

from bot.commands import registry
from bot.domain.language import Language
from bot.domain.own_calendar import FOR_GOOD, Trouble
from bot.text import calendar_words, own_calendar_words
from bot.text.render import plain
from bot.text.reply import Reply


def sayings(language: Language) -> list[Reply]:
    own = own_calendar_words
    plainly = [own.taken, own.ended, own.nothing_to_end, own.partly, own.hint]
    feeds = [calendar_words.feed_exists, calendar_words.feed_ended, calendar_words.no_feed]
    more = [calendar_words.no_feeds_here, calendar_words.not_understood]
    troubles = [own.failing(trouble, language, known=known) for trouble in Trouble for known in (True, False)]
    refusals = [own.refused(trouble, language) for trouble in Trouble]
    return [*(say(language) for say in (*plainly, *feeds, *more)), own.works(3, language), *troubles, *refusals]


@pytest.mark.parametrize("language", Language)
def test_every_command_that_is_named_exists_in_that_language(language: Language) -> None:
    for said in map(plain, sayings(language)):
        for typed in re.findall(r"!\S+", said):
            found = registry.find(typed)
            assert found is not None, typed
            assert found.language is language, typed


@pytest.mark.parametrize("trouble", Trouble)
def test_trouble_says_why_and_what_to_do_and_promises_no_more_than_it_keeps(trouble: Trouble) -> None:
    said = {plain(own_calendar_words.failing(trouble, language, known=False)) for language in Language}
    assert len(said) == 3
    for words, again in zip(
        ("Yritän", "försöker", "try again"), ("osoite pois", "adress av", "address off"), strict=True
    ):
        assert any(words in one for one in said) is (trouble not in FOR_GOOD)
        assert any(again in one for one in said)
