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
    from onnxruntime import InferenceSession
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


@cache
def _encoder() -> _Encoder:
    # Importing these takes a tenth of a second that whoever encodes nothing need not wait.
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    folder = resources.files("seeds").joinpath("weights")
    options = SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    # Threads that spin while they wait would take a core from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    with resources.as_file(folder.joinpath("encoder.onnx")) as weights:
        session = InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_str(folder.joinpath("encoder_tokenizer.json").read_text("utf-8"))
    tokenizer.enable_truncation(_TOKENS)
    tokenizer.no_padding()
    return _Encoder(session, tokenizer)
