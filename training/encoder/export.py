"""Writes a trained encoder or reader as an ONNX graph in 8 bits, for onnxruntime on a CPU.

    python -m training.encoder.export --reader reader.pt --out service/answer/read/reader.onnx
    python -m training.encoder.export --base build/encoder/base.npz \\
        --out indexer/embed/e5_zh/encoder.onnx

Weights have one scale a column, activations one a call (DynamicQuantizeMatMul): of what was tried
on one thread, 333 GFLOP/s against 105 to 160 of MatMulNBits and 100 of float32. Weights keep to
7 bits (`--bits 8` for the whole range): processors without VNNI add pairs of products in 16 bits,
which overflow with the whole range.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

HEADS = 12
HIDDEN = 384
EPSILON = 1e-12


class Graph:
    """Nodes and weights as they are added; every name is made once."""

    def __init__(self, state: dict[str, NDArray[np.float32]], most: int) -> None:
        self.state = state
        self.most = most
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._names = 0

    def add(self, kind: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        self._names += 1
        name = f"{kind}_{self._names}"
        self.nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **attributes))
        return name

    def own(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        """A node of onnxruntime's own."""
        return self.add(kind, inputs, "com.microsoft", **attributes)

    def weight(self, name: str, array: NDArray[Any]) -> str:
        if not any(each.name == name for each in self.weights):
            self.weights.append(numpy_helper.from_array(np.array(array, order="C"), name))
        return name

    def linear(self, x: str, *names: str) -> str:
        """x @ W.T + b, of several layers side by side."""
        weights = np.concatenate([self.state[f"{name}.weight"] for name in names])
        bias = np.concatenate([self.state[f"{name}.bias"] for name in names])
        scale = np.maximum(np.abs(weights).max(axis=1), 1e-8) / self.most
        numbers = np.rint(weights / scale[:, None]).astype(np.int8)
        key = names[0]
        return self.own(
            "DynamicQuantizeMatMul",
            [
                x,
                self.weight(f"{key}.q", numbers.T),
                self.weight(f"{key}.s", scale.astype(np.float32)),
                self.weight(f"{key}.z", np.zeros(len(scale), dtype=np.int8)),
                self.weight(f"{key}.b", bias.astype(np.float32)),
            ],
        )

    def exact(self, x: str, name: str) -> str:
        """x @ W.T + b in float32: a head is small, and what it says is shown."""
        product = self.add("MatMul", [x, self.weight(f"{name}.w", self.state[f"{name}.weight"].T)])
        return self.add("Add", [product, self.weight(f"{name}.bias", self.state[f"{name}.bias"])])

    def normed(self, x: str, added: str, name: str) -> str:
        # SkipLayerNormalization does both in one, nine times as slowly.
        gain = self.weight(f"{name}.gain", self.state[f"{name}.weight"])
        shift = self.weight(f"{name}.shift", self.state[f"{name}.bias"])
        both = self.add("Add", [x, added])
        return self.add("LayerNormalization", [both, gain, shift], axis=-1, epsilon=EPSILON)

    def encoder(self, prefix: str = "") -> str:
        """Inputs words and kinds, texts of one length; hidden states."""
        state = self.state
        length = self.add("Gather", [self.add("Shape", ["words"]), self.scalar(1)], axis=0)
        span = self.add("Range", [self.scalar(0), length, self.scalar(1)])
        places = self.add("Gather", [self.weight("places", state[f"{prefix}places"]), span])
        kinds = self.add("Gather", [self.weight("kinds.w", state[f"{prefix}kinds"]), "kinds"])
        around = self.add("Add", [kinds, places])
        x = self.normed("words", around, f"{prefix}first")
        layers = 1 + max(
            int(k.removeprefix(prefix).split(".")[1]) for k in state if f"{prefix}layers." in k
        )
        for at in range(layers):
            x = self.layer(x, f"{prefix}layers.{at}.")
        return x

    def layer(self, x: str, name: str) -> str:
        triple = self.linear(x, f"{name}query", f"{name}key", f"{name}value")
        five = self.add("Reshape", [triple, self.vector([0, 0, 3, HEADS, HIDDEN // HEADS])])
        five = self.add("Transpose", [five], perm=[2, 0, 3, 1, 4])
        query, key, value = (self.add("Gather", [five, self.scalar(at)], axis=0) for at in range(3))
        scale = float((HIDDEN // HEADS) ** -0.5)
        near = self.own("FusedMatMul", [query, key], transB=1, alpha=scale)
        mixed = self.add("MatMul", [self.add("Softmax", [near], axis=-1), value])
        mixed = self.add("Transpose", [mixed], perm=[0, 2, 1, 3])
        mixed = self.add("Reshape", [mixed, self.vector([0, 0, HIDDEN])])
        x = self.normed(x, self.linear(mixed, f"{name}out"), f"{name}after_attention")
        fed = self.own("Gelu", [self.linear(x, f"{name}up")])
        return self.normed(x, self.linear(fed, f"{name}down"), f"{name}after_feed")

    def scalar(self, number: int) -> str:
        return self.weight(f"int_{number}", np.asarray(number, dtype=np.int64))

    def vector(self, numbers: list[int]) -> str:
        name = "ints_" + "_".join(map(str, numbers))
        return self.weight(name, np.asarray(numbers, dtype=np.int64))

    def save(self, path: Path, outputs: dict[str, tuple[str, list[Any]]]) -> None:
        """`outputs`: name to (node, shape)."""
        for name, (node, _) in outputs.items():
            self.nodes.append(helper.make_node("Identity", [node], [name]))
        inputs = [
            helper.make_tensor_value_info("words", TensorProto.FLOAT, ["n", "length", HIDDEN]),
            helper.make_tensor_value_info("kinds", TensorProto.INT64, ["n", "length"]),
        ]
        results = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, (_, shape) in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, "wenju", inputs, results, self.weights)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), path)


def export_reader(state: dict[str, NDArray[np.float32]], path: Path, bits: int = 7) -> None:
    graph = Graph(state, 2 ** (bits - 1) - 1)
    states = graph.encoder("encoder.")
    first = graph.add("Gather", [states, graph.scalar(0)], axis=1)
    value = np.append(state["value.weight"][0], state["value.bias"]).astype(np.float32)
    pooled = graph.add("Tanh", [graph.exact(first, "pool")])
    graph.save(
        path,
        {
            "answers": (graph.exact(pooled, "answers"), ["n", 3]),
            "tokens": (graph.exact(states, "tokens"), ["n", "length", 3]),
            "firsts": (graph.exact(states, "firsts"), ["n", "length", "joint"]),
            "lasts": (graph.exact(states, "lasts"), ["n", "length", "joint"]),
            "whole": (graph.exact(first, "whole"), ["n", "joint"]),
            "value": (graph.weight("value_head", value), [len(value)]),
        },
    )


def export_encoder(state: dict[str, NDArray[np.float32]], path: Path, bits: int = 7) -> None:
    graph = Graph(state, 2 ** (bits - 1) - 1)
    graph.save(path, {"states": (graph.encoder(), ["n", "length", HIDDEN])})


def load_state(path: Path) -> dict[str, NDArray[np.float32]]:
    import torch

    return {k: v.float().numpy() for k, v in torch.load(path, map_location="cpu").items()}


def base_state(path: Path) -> dict[str, NDArray[np.float32]]:
    from training.encoder.network import from_source
    from training.encoder.source import load_base

    encoder = from_source(load_base(path)[0], range(12))
    return {name: each.detach().numpy() for name, each in encoder.state_dict().items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--reader", type=Path)
    kind.add_argument("--base", type=Path, help="what training.encoder.source wrote")
    parser.add_argument("--bits", type=int, default=7, choices=(7, 8))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if options.reader:
        export_reader(load_state(options.reader), options.out, options.bits)
    else:
        export_encoder(base_state(options.base), options.out, options.bits)
    print(options.out, options.out.stat().st_size >> 10, "KiB")


if __name__ == "__main__":
    main()
