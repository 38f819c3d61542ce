"""The question that an answer may end in; what it is, `bot.actions.questions` tells."""

from bot.actions.questions import PATIENCE, Question

__all__ = ["PATIENCE", "Question"]
