"""Build the sentence encoder: ``python -m seeds.build_encoder FOLDER``.

FOLDER is the model all-MiniLM-L6-v2 as published (``config.json``, ``model.safetensors``,
``tokenizer.json``; https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, Apache-2.0).
The output is ``weights/encoder.onnx`` and ``weights/encoder_tokenizer.json``.

The network is exported with mean pooling and a vector of length 1 for each text. Matrices are
stored in eight bits with a scale for each column (embeddings: each row), but computed with in 32
bits, so that the vector of a text does not depend on the texts encoded with it. Cosine to the
vectors of the published weights: .999. Needs the packages ``torch``, ``onnx`` and ``safetensors``,
which Dragoman itself does not.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from safetensors.torch import load_file
from torch.nn import functional

WEIGHTS = Path(__file__).parent / "weights"

_LARGE = 1000
"""The number of rows from which a table of embeddings is stored in eight bits."""


class Network(torch.nn.Module):  # type: ignore[misc]
    """BERT with mean pooling, from tensors named as Hugging Face names them."""

    def __init__(self, folder: Path) -> None:
        """Read ``config.json`` and ``model.safetensors``."""
        super().__init__()
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self.heads: int = config["num_attention_heads"]
        self.layers: int = config["num_hidden_layers"]
        tensors = load_file(folder / "model.safetensors")
        self.tensors = {name.removeprefix("bert."): value for name, value in tensors.items()}

    def forward(self, ids: Any, mask: Any) -> Any:
        """Return a vector of length 1 for each row of ``ids``; ``mask`` is 0 for padding."""
        table = self.tensors
        found = functional.embedding(ids, table["embeddings.word_embeddings.weight"])
        found = found + table["embeddings.position_embeddings.weight"][: ids.shape[1]][None]
        found = found + table["embeddings.token_type_embeddings.weight"][0]
        found = self._norm(found, "embeddings.LayerNorm")
        hidden = (1.0 - mask.to(torch.float32))[:, None, None, :] * -1e4
        for layer in range(self.layers):
            found = self._layer(found, hidden, f"encoder.layer.{layer}.")
        kept = mask.to(torch.float32)[:, :, None]
        mean = (found * kept).sum(1) / kept.sum(1)
        return mean / torch.sqrt((mean * mean).sum(1, keepdim=True))

    def _layer(self, found: Any, hidden: Any, name: str) -> Any:
        batch, length, size = found.shape
        query, key, value = (
            self._linear(found, f"{name}attention.self.{part}")
            .view(batch, length, self.heads, size // self.heads)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        weights = query @ key.transpose(-1, -2) / math.sqrt(size // self.heads) + hidden
        seen = (torch.softmax(weights, -1) @ value).transpose(1, 2).reshape(batch, length, size)
        found = found + self._linear(seen, f"{name}attention.output.dense")
        found = self._norm(found, f"{name}attention.output.LayerNorm")
        inner = functional.gelu(self._linear(found, f"{name}intermediate.dense"))
        found = found + self._linear(inner, f"{name}output.dense")
        return self._norm(found, f"{name}output.LayerNorm")

    def _linear(self, found: Any, name: str) -> Any:
        return found @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]

    def _norm(self, found: Any, name: str) -> Any:
        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return functional.layer_norm(found, weight.shape, weight, bias, 1e-12)


def main() -> None:
    """Export, store in eight bits, and write both files."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build_encoder", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the published model")
    folder = parser.parse_args().folder
    shutil.copyfile(folder / "tokenizer.json", WEIGHTS / "encoder_tokenizer.json")
    with tempfile.TemporaryDirectory() as temporary:
        exported = Path(temporary) / "encoder.onnx"
        export(folder, exported)
        model = onnx.load(exported)
    in_eight_bits(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, WEIGHTS / "encoder.onnx")


def export(folder: Path, file: Path) -> None:
    """Write the network with inputs ``ids`` and ``mask`` and the output ``sentence``."""
    example = torch.ones(2, 9, dtype=torch.int64)
    axes = {0: "text", 1: "token"}
    torch.onnx.export(
        Network(folder).eval(),
        (example, example),
        str(file),
        input_names=["ids", "mask"],
        output_names=["sentence"],
        dynamic_axes={"ids": axes, "mask": axes, "sentence": {0: "text"}},
        opset_version=17,
        dynamo=False,
    )


def in_eight_bits(graph: Any) -> None:
    """Replace matrices and embeddings of a graph by eight-bit ones with their scales."""
    tables = {one.name: one for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            tables[node.output[0]] = node.attribute[0].t
            tables[node.output[0]].name = node.output[0]
    nodes = []
    for node in graph.node:
        if node.op_type == "Constant":
            continue
        if node.op_type == "MatMul" and node.input[1] in tables:
            nodes += _matrix(node, tables)
        elif node.op_type == "Gather" and _rows(tables.get(node.input[0])) > _LARGE:
            nodes += _embedding(node, tables)
        else:
            nodes.append(node)
    used = {name for node in nodes for name in node.input}
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.initializer.extend(table for name, table in tables.items() if name in used)


def _rows(table: Any) -> int:
    return table.dims[0] if table is not None and table.dims else 0


def _matrix(node: Any, tables: dict[str, Any]) -> list[Any]:
    name = node.input[1]
    small, scale = _small(tables, name, axis=0)
    zero = f"{name}.zero"
    columns = tables[scale].dims[0]
    tables[zero] = numpy_helper.from_array(np.zeros(columns, np.int8), zero)
    node.input[1] = f"{name}.matrix"
    inputs = [small, scale, zero]
    return [helper.make_node("DequantizeLinear", inputs, [node.input[1]], axis=1), node]


def _embedding(node: Any, tables: dict[str, Any]) -> list[Any]:
    small, scale = _small(tables, node.input[0], axis=1)
    out = node.output[0]
    return [
        helper.make_node("Gather", [small, node.input[1]], [f"{out}.small"], axis=0),
        helper.make_node("Gather", [scale, node.input[1]], [f"{out}.scale"], axis=0),
        helper.make_node("Cast", [f"{out}.small"], [f"{out}.float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
    ]


def _small(tables: dict[str, Any], name: str, axis: int) -> tuple[str, str]:
    """Add a table in eight bits, and its scales along ``axis``; return the names of both."""
    values = numpy_helper.to_array(tables[name])
    scales = np.abs(values).max(axis, keepdims=axis == 1) / 127
    scales[scales == 0] = 1
    for part, array in (
        ("small", np.round(values / scales).astype(np.int8)),
        ("scale", scales.astype(np.float32)),
    ):
        tables[f"{name}.{part}"] = numpy_helper.from_array(array, f"{name}.{part}")
    return f"{name}.small", f"{name}.scale"


if __name__ == "__main__":
    main()
