"""Stage two: the fine-tuned encoder, run by onnxruntime on one thread, loaded when it is first asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.reading.model_files import ENCODER, MODEL, PIECES
from bot.reading.unigram import Unigram, load_pieces

LONGEST = 128
"""Pieces of a message that are read; the rest is dropped."""

MOST_AT_ONCE = 16
"""Texts that go through the model in one run, so that memory stays bounded."""


class Encoder:
    """Reads cleaned texts into seven logits each; deterministic on a machine."""

    def __init__(self, folder: Path = MODEL) -> None:
        self._folder = folder

    def load(self) -> None:
        """Load now what would be loaded at the first text."""
        _ = self._session, self._cutter

    def logits(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Seven logits for each text, in the order of MESSAGE_PATTERNS: an array (texts, 7)."""
        rows = [self._run(texts[at : at + MOST_AT_ONCE]) for at in range(0, len(texts), MOST_AT_ONCE)]
        return np.concatenate(rows) if rows else np.zeros((0, 7))

    def _run(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        pieces = [self._cutter.encode(text, longest=LONGEST) for text in texts]
        width = max(map(len, pieces))
        ids = np.full((len(pieces), width), self._cutter.pad, dtype=np.int64)
        mask = np.zeros((len(pieces), width), dtype=np.float32)
        for row, numbers in enumerate(pieces):
            ids[row, : len(numbers)] = numbers
            mask[row, : len(numbers)] = 1.0
        (logits,) = self._session.run(None, {"ids": ids, "mask": mask})
        return np.asarray(logits, dtype=np.float64)

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # loading it takes a tenth of a second, so not before it is needed

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self._folder / ENCODER), sess_options=options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _cutter(self) -> Unigram:
        return load_pieces(self._folder / PIECES)
