"""A question to a person. Each choice is the command line that it stands for, so an answer needs no state of its own.

`!varaa rakennuslupa` without a time asks with choices such as `!pidä rakennuslupa 2026-11-26 09:00`; what the
person types instead of a number is put behind `prefix`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.language import Language

PATIENCE = timedelta(minutes=30)
"""How long an answer by number is understood as one."""


@dataclass(frozen=True, slots=True)
class Question:
    """`until` is when an answer stops being one.

    A question that outlives `PATIENCE` stands: what the person types in between does not end it, an answer or a
    newer question does.
    """

    language: Language
    prefix: str
    choices: tuple[str, ...]
    until: datetime

    def stands(self, now: datetime) -> bool:
        return self.until > now + PATIENCE
