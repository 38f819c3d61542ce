"""Turns what pydantic found into `Problem`s: the path as a person would find it, what is wrong, the remedy.

Leaves the rules to the forms.
"""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config.problems import Problem, shown, suggestion

_SAMPLES = {
    "id": '"rakennusvalvonta"',
    "code": '"989"',
    "name": '{ fi = "…", sv = "…", en = "…" }',
    "title": '{ fi = "…", sv = "…", en = "…" }',
    "display_name": '{ fi = "…", sv = "…", en = "…" }',
    "account": '"rakennustarkastaja"',
    "unit": '"rakennusvalvonta"',
    "hours": '{ mon = ["9:00-12:00"] } or hours = "office"',
    "officials": '["rakennustarkastaja"]',
    "server_name": '"ahtari.example"',
    "day": "2026-12-28",
    "first": "2026-12-28",
    "last": "2026-12-31",
    "secret_file": '"secrets/turn.secret"',
}

_TOP = {
    "schema": "schema = 1",
    "municipality": "a table [municipality]",
    "homeserver": "a table [homeserver]",
}
"""Samples of what stands at the top of the file, in full."""

_WRONG_TYPES = {
    "string_type": ("is not text", "Put it in quotation marks."),
    "int_type": ("is not a whole number", "Write a whole number, without quotation marks."),
    "int_from_float": ("is not a whole number", "Write a whole number, without a decimal point."),
    "bool_type": ("is neither true nor false", "Write true or false, without quotation marks."),
    "tuple_type": (
        "is not a list",
        'Use square brackets, as in ["…"]; a list of tables has two, as in [[service]].',
    ),
    "model_type": ("is not a table", "Write it in braces, such as { key = value }."),
    "date_type": ("is not a date", "Write a date without quotation marks, such as 2026-12-24."),
    "date_parsing": ("is not a date", "Write a date without quotation marks, such as 2026-12-24."),
    "date_from_datetime_inexact": ("is not a date", "Leave the time of day out."),
}


def worded(file: str, place: str, form: type[BaseModel], error: ValidationError) -> Iterator[Problem]:
    """The problems of one table that stands at `place`."""
    for detail in error.errors():
        what, remedy = _what_and_remedy(form, detail)
        yield Problem(file, path(place, detail["loc"]), what, remedy)


def path(place: str, location: tuple[int | str, ...]) -> str:
    steps = [f"item {step + 1}" if isinstance(step, int) else step for step in location]
    return " › ".join([place, *steps] if place else steps)


def _what_and_remedy(form: type[BaseModel], detail: ErrorDetails) -> tuple[str, str]:
    match detail["type"]:
        case "refused":
            return detail["ctx"]["what"], detail["ctx"]["remedy"]
        case "missing":
            return "is missing", f"Add it: {_sample(detail['loc'])}."
        case "extra_forbidden":
            return "is not a known key", _known_keys(form, detail["loc"])
        case "enum" | "literal_error":
            return (
                f"{shown(detail['input'])} is not one of the choices",
                f"Choose {detail['ctx']['expected']}.",
            )
        case other:
            what, remedy = _WRONG_TYPES.get(other, (f"can't be read ({detail['msg']})", "Correct the value."))
            return f"{shown(detail['input'])} {what}", remedy


def _sample(location: tuple[int | str, ...]) -> str:
    key = str(location[-1])
    if len(location) == 1 and key in _TOP:
        return _TOP[key]
    sample = _SAMPLES.get(key, '"…"')
    return f"{key} = {sample}"


def _known_keys(form: type[BaseModel], location: tuple[int | str, ...]) -> str:
    known = [field.alias or name for name, field in _form_at(form, location[:-1]).model_fields.items()]
    return suggestion(str(location[-1]), known, f"Remove it; the known keys are {', '.join(known)}.")


def _form_at(form: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel]:
    for step in location:
        if isinstance(step, str):
            field = form.model_fields.get(step)
            form = (field and _form_within(field.annotation)) or form
    return form


def _form_within(annotation: Any) -> type[BaseModel] | None:
    """The form in `Form`, `Form | None` or `tuple[Form, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _form_within(part))), None)
