"""Makes the whole trained reader from named packages and files: python -m training.train --chat FOLDER."""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from bot.domain.patterns import MESSAGE_PATTERNS
from bot.reading.clean import clean
from bot.reading.encoder import Encoder as Shipped
from bot.reading.model_files import ENCODER, MANIFEST, MODEL, NUMBERS, PIECES, TABLE, hashes
from bot.reading.unigram import Unigram, write_pieces
from training.bert import Encoder, load_weights
from training.calibration import FOUND, Array, Truth, gate_bar, platt, reaches, thresholds
from training.cases import Case, labelled, ordinary, parted
from training.data import (
    FITTING_CHAT,
    ChatLine,
    Message,
    chat_of,
    messages_of,
    second_grades,
    unnamed_worlds,
    worlds_of,
)
from training.finetune import Tuning, finetune
from training.pack import export
from training.probe import begin
from training.stage_one import Linear, fit_linear, matrix_of
from training.weights import PACKAGE, First, fetch

LAYERS, POSITIONS = 12, 512

TUNING = Tuning(seed=7, epochs=6, rate=2.5e-4, decay=0.92, chat_per_epoch=600, pull_apart=0.5, frozen=4)
"""One long round at a high rate reads better on dev than short ones, in less time; the lowest third of the layers,
which reads words more than sense, stays as it came."""

NEAR = 2.0
"""Chat so little below the gate's bar, or above it, is shown to the encoder in every pass: it is what the encoder
will be asked about. Other chat takes turns."""

SHARE = 0.7
"""The encoder's part in the mean of the two logits."""

STOPPED = -20.0
"""What stands for the mean logit of a chat message that the gate stops, in calibration and where thresholds are set."""

PAPERS = Path(__file__).parent / "papers"
"""The licence of the first weights, and where they come from."""

PLAIN = Path(__file__).parent / "plain.txt"
"""Ordinary talk about customers, tools, suppliers, numbers and deadlines, made up here; none of it may be flagged."""

CLEARANCE = 0.25
"""How far above the highest logit of plain talk a threshold stays."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a model is made of: cases to fit, dev messages and chat to set thresholds on, and how it is tuned."""

    cases: Sequence[Case]
    chat: Sequence[Case]
    dev: Sequence[Message]
    dev_chat: Sequence[Case]
    sources: dict[str, object]


def main() -> None:
    """Train both stages, calibrate them together, and write the model's files and their manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chat", type=Path, help="a folder with livechat_gitter.jsonl and irc_disentanglement.jsonl")
    parser.add_argument("--weights", type=Path, default=Path(".weights"), help="where the first weights are kept")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--epochs", type=int, help="instead of those in TUNING")
    parser.add_argument("--most", type=int, help="only so many labelled messages and chat lines, to try the pipeline")
    parser.add_argument(
        "--tuned", type=Path, help="a file for the tuned encoder; read instead of tuning if it is there"
    )
    given = parser.parse_args()
    material = gather(given.chat, most=given.most)
    first = fetch(given.weights)
    given.out.mkdir(parents=True, exist_ok=True)
    linear = fit_linear(material.cases, material.chat)
    encoder = _tuned(first, linear, material, given.epochs, given.tuned)
    for paper in ("LICENSE", "NOTICE"):
        shutil.copyfile(PAPERS / paper, given.out / paper)
    write_pieces(given.out / PIECES, first.pieces)
    np.savez_compressed(given.out / TABLE, table=linear.table)
    export(encoder, given.out / ENCODER)
    numbers = calibrate(linear, Shipped(given.out), material)
    _write(given.out / NUMBERS, numbers)
    _write(given.out / MANIFEST, hashes(given.out))
    size = sum(path.stat().st_size for path in given.out.iterdir())
    print(f"Wrote {given.out.name}: {size / 1e6:.1f} MB")


def gather(chat: Path | None, *, most: int | None = None) -> Material:
    """Everything that training may see; says what is missing."""
    lines: list[ChatLine] = chat_of(chat, FITTING_CHAT) if chat else []
    if not lines:
        print(
            "No ordinary chat: both stages and all thresholds rest on the labelled messages alone. Give --chat FOLDER."
        )
    if left_out := unnamed_worlds():
        print(f"Not in splits.yaml, so left out: {', '.join(left_out)}")
    train, dev = messages_of(worlds_of("train"))[:most], messages_of(worlds_of("dev"))[:most]
    fitting, held = parted(lines[:most])
    second = second_grades()
    print(f"{len(train)} messages to train on, {len(dev)} dev, {len(second)} graded twice, {len(lines)} chat lines")
    return Material(
        cases=labelled(train, second=second),
        chat=ordinary(fitting),
        dev=dev,
        dev_chat=ordinary(held),
        sources={
            "weights": PACKAGE,
            "train": dict(Counter(message.world for message in train)),
            "dev": dict(Counter(message.world for message in dev)),
            "chat": dict(Counter(line.source for line in lines)),
        },
    )


def encoder_of(first: First, *, outputs: int) -> Encoder:
    """The encoder as it comes, with a head yet to be fitted."""
    encoder = Encoder(vocabulary=len(first.pieces), positions=POSITIONS, layers=LAYERS, outputs=outputs)
    load_weights(encoder, first.tensors)
    return encoder


def _tuned(first: First, linear: Linear, material: Material, epochs: int | None, kept: Path | None) -> Encoder:
    torch.manual_seed(TUNING.seed)
    encoder = encoder_of(first, outputs=len(MESSAGE_PATTERNS) + 1)
    if kept and kept.exists():
        encoder.load_state_dict(torch.load(kept, weights_only=True))
        return encoder
    near, other = _by_nearness(linear, material)
    cases, cutter = [*material.cases, *near], Unigram(first.pieces)
    print(
        f"{len(near)} chat lines near the gate; loss of the first head {begin(encoder, cutter, cases):.4f}", flush=True
    )
    finetune(encoder, cutter, cases, other, replace(TUNING, epochs=epochs or TUNING.epochs))
    if kept:
        torch.save(encoder.state_dict(), kept)
    return encoder


def _by_nearness(linear: Linear, material: Material) -> tuple[list[Case], list[Case]]:
    """Ordinary chat that comes near to passing the gate, and the other."""
    if not material.chat:
        return [], []
    dev = linear.logits(matrix_of([case.text for case in labelled(material.dev)]))[:, -1]
    bar = gate_bar(dev, np.array([message.highest == 2 for message in material.dev])) - NEAR
    own = linear.logits(matrix_of([case.text for case in material.chat]))[:, -1]
    near = [case for case, logit in zip(material.chat, own, strict=True) if logit >= bar]
    return near, [case for case, logit in zip(material.chat, own, strict=True) if logit < bar]


def calibrate(linear: Linear, shipped: Shipped, material: Material) -> dict[str, object]:
    """The content of model.json, from dev messages and held-back chat, read by the packed encoder as it ships."""
    dev_cases, dev = labelled(material.dev), material.dev
    grades = np.array([[message.grade(pattern) for pattern in MESSAGE_PATTERNS] for message in dev])
    own_dev = linear.logits(matrix_of([case.text for case in dev_cases]))
    own_chat = linear.logits(matrix_of([case.text for case in material.dev_chat]))
    mean_dev = _mean(own_dev, shipped.logits([case.text for case in dev_cases]))
    bar, reach = _gates(own_dev, (grades == 2) & (mean_dev >= FOUND))
    read_on = np.nonzero((own_chat[:, -1] >= bar) & (own_chat[:, :-1] >= reach).any(1))[0]
    print(f"The gate lets through {len(read_on)} of {len(own_chat)} ordinary messages")
    mean_chat = _mean(own_chat[read_on], shipped.logits([material.dev_chat[int(k)].text for k in read_on]))
    held = np.full((len(own_chat), len(MESSAGE_PATTERNS)), STOPPED)
    held[read_on] = mean_chat
    fitted = [
        platt(mean_dev[grades[:, k] == 2, k], mean_dev[grades[:, k] == 0, k], held[:, k])
        for k in range(len(MESSAGE_PATTERNS))
    ]
    slope, offset = (np.array(values) for values in zip(*fitted, strict=True))
    plain = [clean(line) for line in PLAIN.read_text(encoding="utf-8").splitlines()]
    mean_plain = _mean(linear.logits(matrix_of(plain)), shipped.logits(plain))
    bars = np.maximum(thresholds(mean_dev, dev, held), mean_plain.max(0) + CLEARANCE)
    found = _chances(slope * bars + offset)
    stopped = np.minimum(_chances(slope * np.quantile(mean_chat, 0.1, axis=0) + offset), 0.5 * found)
    return {
        "made_by": "python -m training.train",
        **material.sources,
        "scale": _named([*linear.scale], 9),
        "bias": _named([*linear.bias], 5),
        "gate": round(bar, 5),
        "share": SHARE,
        "slope": _named(slope.tolist(), 5),
        "offset": _named(offset.tolist(), 5),
        "threshold": _named(found.tolist(), 9),
        "reach": _named(reach.tolist(), 5),
        "stopped": _named(stopped.tolist(), 8),
    }


def _gates(own: Array, found: Truth) -> tuple[float, Array]:
    some: Truth = np.asarray(found.any(1), dtype=np.bool_)
    return gate_bar(own[:, -1], some), reaches(own[:, :-1], found)


def _mean(own: Array, encoder: Array) -> Array:
    mean: Array = (1.0 - SHARE) * own[:, : len(MESSAGE_PATTERNS)] + SHARE * encoder
    return mean


def _chances(logits: Array) -> Array:
    chances: Array = 1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0)))
    return chances


def _named(values: Sequence[float], digits: int) -> dict[str, float]:
    names = [*(pattern.value for pattern in MESSAGE_PATTERNS), "gate"]
    return {name: round(float(value), digits) for name, value in zip(names, values, strict=False)}


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
