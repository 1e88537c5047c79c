"""Sentence vectors: what a text means, as 384 numbers.

The encoder is all-MiniLM-L6-v2 (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2,
Apache-2.0), its weights in eight bits; ``seeds/build_encoder.py`` made the files. It is read when
a text is first encoded, not when this module is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

DIMENSIONS = 384

_TOKENS = 96
"""Tokens of a text that are read, about 75 words; the rest is cut off."""

_BATCH = 16
"""Texts encoded at a time; of similar length, since all are padded to the longest."""

_THREADS = 2

Vectors = NDArray[np.float32]
"""One row a text, each of length 1: the product of two rows is their cosine."""


class _Encoder(NamedTuple):
    session: InferenceSession
    tokenizer: Tokenizer


def encode(texts: Sequence[str]) -> Vectors:
    """Return a row of ``DIMENSIONS`` numbers for each text; safe from any thread."""
    found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    if not texts:
        return found
    encoder = _encoder()
    tokens = [one.ids for one in encoder.tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        length = max(len(tokens[at]) for at in batch)
        ids = np.zeros((len(batch), length), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, at in enumerate(batch):
            ids[row, : len(tokens[at])] = tokens[at]
            mask[row, : len(tokens[at])] = 1
        found[batch] = encoder.session.run(["sentence"], {"ids": ids, "mask": mask})[0]
    return found


def tokenizer() -> Tokenizer:
    """Return a new tokenizer of the encoder's words, which pads nothing."""
    from tokenizers import Tokenizer

    words = resources.files("seeds").joinpath("weights", "encoder_tokenizer.json")
    coder = Tokenizer.from_str(words.read_text("utf-8"))
    coder.no_padding()
    return coder


def session_options() -> SessionOptions:
    """Return how networks are run here: on few threads, that wait without spinning."""
    from onnxruntime import SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    # Threads that spin while they wait would take a core from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


@cache
def _encoder() -> _Encoder:
    # Importing this takes a tenth of a second that whoever encodes nothing need not wait.
    from onnxruntime import InferenceSession

    folder = resources.files("seeds").joinpath("weights")
    with resources.as_file(folder.joinpath("encoder.onnx")) as weights:
        session = InferenceSession(
            str(weights), session_options(), providers=["CPUExecutionProvider"]
        )
    coder = tokenizer()
    coder.enable_truncation(_TOKENS)
    return _Encoder(session, coder)
