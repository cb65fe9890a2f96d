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


class Encoder:
    """Reads cleaned texts into seven logits each; deterministic on a machine."""

    def __init__(self, folder: Path = MODEL) -> None:
        self._folder = folder

    def load(self) -> None:
        """Load now what would be loaded at the first text."""
        _ = self._session, self._cutter

    def logits(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Seven logits for each text, in the order of MESSAGE_PATTERNS: an array (texts, 7)."""
        return np.stack([self._run(text) for text in texts]) if texts else np.zeros((0, 7))

    def _run(self, text: str) -> npt.NDArray[np.float64]:
        """One text by itself: together they would cost less, but each would be rounded with the others' numbers."""
        ids = np.array([self._cutter.encode(text, longest=LONGEST)], dtype=np.int64)
        (logits,) = self._session.run(None, {"ids": ids, "mask": np.ones(ids.shape, dtype=np.float32)})
        return np.asarray(logits[0], dtype=np.float64)

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
