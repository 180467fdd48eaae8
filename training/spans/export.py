"""The trained span reader as ONNX: `python -m training.spans.export --work DIR`.

Writes `service/answer/spans.onnx`, quantised to 8 bits where that changes no answer to speak of,
and prints how far its scores are from torch's.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from service.answer.span_inputs import PASSAGE_FEATURES, QUESTION_FEATURES
from training.data import DEFAULT_WORK, PROJECT_ROOT
from training.spans.network import INPUTS, Spans

TARGET = PROJECT_ROOT / "service" / "answer" / "spans.onnx"
WEIGHTS = PROJECT_ROOT / "training" / "spans" / "weights.safetensors"


def sample(batch: int, asked: int, text: int) -> tuple[torch.Tensor, ...]:
    """Arguments of the right kinds and sizes."""
    return (
        torch.randn(50, 384),
        torch.randint(0, 4, (batch, asked, 5)),
        torch.randn(batch, asked, QUESTION_FEATURES),
        torch.ones(batch, asked),
        torch.randint(0, 4, (batch, text, 5)),
        torch.randn(batch, text, PASSAGE_FEATURES),
        torch.ones(batch, text),
    )


def export(network: Spans, target: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network.eval()
    batch, asked, text, words = (
        torch.export.Dim(n, min=2) for n in ("batch", "asked", "text", "words")
    )
    shapes = (
        {0: words}, {0: batch, 1: asked}, {0: batch, 1: asked}, {0: batch, 1: asked},
        {0: batch, 1: text}, {0: batch, 1: text}, {0: batch, 1: text},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            network, sample(3, 20, 200), whole, input_names=list(INPUTS),
            output_names=["start", "end", "none"], dynamic_shapes=shapes, dynamo=True,
            external_data=False, verbose=False,
        )  # fmt: skip
        # The exporter's notes on inner shapes contradict what the quantiser infers anew.
        model = onnx.load(whole)
        del model.graph.value_info[:]
        onnx.save(model, bare := Path(folder) / "bare.onnx")
        quantize_dynamic(
            bare,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        )
        print(f"{whole.stat().st_size:,} bytes, quantised {target.stat().st_size:,}")
        arguments = sample(2, 24, 310)
        with torch.inference_mode():
            wanted = network(*arguments)
        for path in (whole, target):
            far = [
                float(np.abs(a - b.numpy()).max())
                for a, b in zip(_run(path, arguments), wanted, strict=True)
            ]
            print(path.name, "farthest from torch:", far)


def _run(path: Path, arguments: tuple[torch.Tensor, ...]) -> list[np.ndarray]:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return list(session.run(None, dict(zip(INPUTS, (a.numpy() for a in arguments), strict=True))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    network = Spans()
    network.load_state_dict(torch.load(args.work / "spans.pt")["average"])
    export(network, args.out)
    # What training can go on from where the checkpoint is lost (`--again`).
    halves = {name: value.to(torch.float16) for name, value in network.state_dict().items()}
    save_file(halves, WEIGHTS)


if __name__ == "__main__":
    main()
