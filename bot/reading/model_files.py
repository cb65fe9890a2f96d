"""The trained model's files: where they are, what they must hash to, and the numbers in model.json."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from bot.domain.patterns import MESSAGE_PATTERNS

MODEL = Path(__file__).parent / "model"

NUMBERS, TABLE, ENCODER, PIECES = "model.json", "table.npz", "encoder.onnx", "pieces.tsv"
MANIFEST = "manifest.json"
"""Names in the folder; the manifest has the SHA-256 of each of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What training found beside the weights; tuples have one number a pattern, in the order of MESSAGE_PATTERNS.

    `scale` and `bias` turn the table's sums into logits, the last of them the gate's; a message is read on when its
    gate logit is at least `gate`. Where the table's own logits are all below `reach` the encoder hardly ever makes a
    pattern clear, and it is not asked. `share` is the encoder's part in the mean of the two
    logits; a probability is that of `slope * mean + offset`, and from `threshold` on a pattern is clear. `stopped` are
    the probabilities of a message that the gate stops.
    """

    scale: tuple[float, ...]
    bias: tuple[float, ...]
    gate: float
    share: float
    slope: tuple[float, ...]
    offset: tuple[float, ...]
    threshold: tuple[float, ...]
    reach: tuple[float, ...]
    stopped: tuple[float, ...]


def load_numbers(folder: Path = MODEL) -> Numbers:
    """The numbers of a model folder; KeyError or ValueError if the file is not of this form."""
    raw = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
    single = {name: float(raw[name]) for name in ("gate", "share")}
    patterns = {name: _per_pattern(raw[name]) for name in ("slope", "offset", "threshold", "reach", "stopped")}
    table = {name: (*_per_pattern(raw[name]), float(raw[name]["gate"])) for name in ("scale", "bias")}
    return Numbers(**single, **patterns, **table)  # type: ignore[arg-type]  # the names above say which is which


def hashes(folder: Path = MODEL) -> dict[str, str]:
    """The SHA-256 of every file in the folder but the manifest, by name."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != MANIFEST)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _per_pattern(values: dict[str, float]) -> tuple[float, ...]:
    return tuple(float(values[pattern.value]) for pattern in MESSAGE_PATTERNS)
