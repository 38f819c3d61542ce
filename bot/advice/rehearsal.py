"""A catalogue tried beside the one in use: trained in a folder of its own, asked, and thrown away."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.advice.client import EngineProcess
from bot.domain.advice import Advice
from bot.domain.catalogue import Catalogue


class TrialEngine(EngineProcess):
    """The engine in use, which can also be asked as if another catalogue were in use."""

    async def rehearse(self, catalogue: Catalogue, questions: Sequence[str]) -> list[Advice]:
        """Answers in the order of the questions; takes as long as publishing. Raises `EngineGone`."""
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="eahtari-rehearsal-"))
        other = EngineProcess(folder, self.all_corpora())
        try:
            await other.publish(catalogue)
            return [await other.advise(question) for question in questions]
        finally:
            await other.close()
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
