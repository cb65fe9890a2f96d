"""What tuning rests on: a dropout that keeps the mean, layers that stay frozen, a first head that knows its task."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="comes with the training extra")

from bot.reading.unigram import Unigram  # noqa: E402 - only where torch is there
from training.bert import Drop, Encoder  # noqa: E402
from training.cases import Case  # noqa: E402
from training.finetune import Tuning, finetune  # noqa: E402
from training.probe import begin  # noqa: E402

PIECES = [(mark, 0.0) for mark in ("<s>", "<pad>", "</s>", "<unk>")] + [("▁good", -1.0), ("▁bad", -1.0)]
CASES = [
    Case(text=text, targets=(float(text == "good"),) * 8, weights=(1.0,) * 8) for text in ("good", "good", "bad", "bad")
] * 4


def encoder() -> Encoder:
    torch.manual_seed(3)
    return Encoder(vocabulary=len(PIECES), positions=128, layers=2, outputs=8)


def test_dropout_keeps_the_mean_and_is_gone_when_reading() -> None:
    drop, ones = Drop(0.1), torch.ones(500, 400)
    kept = drop(ones)
    assert float(kept.mean()) == pytest.approx(1.0, abs=0.02)
    assert float((kept == 0).float().mean()) == pytest.approx(0.1, abs=0.01)
    assert torch.equal(drop.eval()(ones), ones)


def test_frozen_layers_and_the_pieces_stay_as_they_were() -> None:
    tuned = encoder()
    before = {name: value.clone() for name, value in tuned.state_dict().items()}
    finetune(tuned, Unigram(PIECES), CASES, [], Tuning(epochs=1, frozen=1))
    moved = {name for name, value in tuned.state_dict().items() if not torch.equal(value, before[name])}
    assert any(name.startswith("layers.1.") for name in moved)
    assert not any(name.startswith(("layers.0.", "pieces.", "places.")) for name in moved)


def test_the_first_head_tells_the_cases_apart_and_changes_no_layer() -> None:
    fresh = encoder()
    before = fresh.layers[0].widen.weight.clone()
    assert begin(fresh, Unigram(PIECES), CASES) < 1.0
    assert torch.equal(fresh.layers[0].widen.weight, before)
