"""The three languages of the service, and text that exists in all of them.

Leaves rendering to `bot.text`. A `Text` takes every language by keyword, so a missing translation is a
type error and not a surprise in front of a citizen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """Languages by their ISO 639-1 code. Finnish and Swedish are the national languages (Kielilaki 1 §)."""

    FI = "fi"
    SV = "sv"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One saying in three languages."""

    fi: str
    sv: str
    en: str

    def in_(self, language: Language) -> str:
        match language:
            case Language.FI:
                return self.fi
            case Language.SV:
                return self.sv
            case Language.EN:
                return self.en

    def map(self, change: Callable[[str], str]) -> "Text":
        return Text(fi=change(self.fi), sv=change(self.sv), en=change(self.en))

    def format(self, **values: object) -> "Text":
        """Fills placeholders; the values stand uninflected, since Finnish inflects words."""
        return self.map(lambda saying: saying.format(**values))

    @classmethod
    def same(cls, saying: str) -> "Text":
        """For names that are alike in every language, such as an institution's proper name."""
        return cls(fi=saying, sv=saying, en=saying)
