"""One training run with fixed steps, from the sentences to the exported weights.

    python -m nano_ko.train OUT                      everything from scratch
    python -m nano_ko.train OUT --further NPZ        earlier weights taught further (new words, mended data)
    python -m nano_ko.train OUT --smoke              every part once, in a minute; teaches nothing

Writes OUT/checkpoint.pt now and then and OUT/nano-ko.npz at the end. Killed and started again with the same
words, it goes on from the checkpoint, generator and all. Seeds and steps are fixed and nothing depends on the
clock; other machines and thread counts round differently and give other weights of like quality.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .export import export
from .model import Nano, frame_loss, load_compact, losses
from .windows import Bank, batch, noise_bank, speak_bank

__all__ = ["FROM_SCRATCH", "FURTHER", "SMOKE", "Plan", "Stage", "train"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`steps` steps that take turns through `windows` of (mel frames, windows a batch)."""

    steps: int
    windows: tuple[tuple[int, int], ...]
    guide: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole run: one cosine from `rate` to its fiftieth over the steps of all stages."""

    sentences: int
    stages: tuple[Stage, ...]
    rate: float
    warm_up: int = 60
    head_steps: int = 0
    """Steps that teach the frame head alone first: exported weights come without it."""
    noise_rounds: int = 6
    validate_every: int = 100

    @property
    def steps(self) -> int:
        return sum(s.steps for s in self.stages)


FROM_SCRATCH = Plan(
    sentences=24_000,
    stages=(
        Stage(steps=500, windows=((600, 16),), guide=0.3),
        Stage(steps=1000, windows=((1000, 16),), guide=0.3),
        Stage(steps=1100, windows=((1000, 16), (3000, 8))),
        Stage(steps=1300, windows=((3000, 8),)),
    ),
    rate=2e-3,
)
FURTHER = Plan(sentences=16_000, stages=(Stage(steps=600, windows=((3000, 8),)),), rate=7e-4, head_steps=120)
SMOKE = Plan(
    sentences=60,
    stages=(Stage(steps=2, windows=((600, 2),)), Stage(steps=2, windows=((1000, 2), (3000, 1)))),
    rate=1e-3,
    head_steps=2,
    noise_rounds=1,
    validate_every=2,
)


def _optimiser(net: Nano, rate: float) -> torch.optim.AdamW:
    matrices = [p for p in net.parameters() if p.dim() > 1]
    vectors = [p for p in net.parameters() if p.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))


def _teach_frame_head(net: Nano, bank: Bank, steps: int) -> None:
    g = np.random.default_rng(11)
    optimiser = torch.optim.AdamW(net.frame_head.parameters(), lr=5e-3)
    for _ in range(steps):
        b = batch(bank, g, size=8, mels=1000)
        with torch.no_grad():
            heard = net.encode(b.mel, b.offset)
        loss = frame_loss(net, heard, b.frame_tokens)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


@torch.no_grad()
def _validate(net: Nano, bank: Bank, mels: int, size: int) -> dict[str, float]:
    """Mean of the loss's parts over two batches of sentences spoken anew, always the same ones."""
    g = np.random.default_rng(7)
    net.eval()
    seen = [losses(net, batch(bank, g, size=size, mels=mels))[1] for _ in range(2)]
    net.train()
    return {name: float(np.nanmean([s[name] for s in seen])) for name in seen[0]}


def _line(parts: dict[str, float]) -> str:
    return " ".join(f"{name} {value:.3f}" for name, value in parts.items())


def train(out: Path, plan: Plan, *, further: Path | None = None) -> None:
    """Runs `plan` and writes the weights into `out`."""
    torch.manual_seed(0)
    began = time.monotonic()
    bank = Bank(speak_bank(plan.sentences, seed=1), noise_bank(rounds=plan.noise_rounds))
    judge = Bank(speak_bank(max(20, plan.sentences // 40), seed=2), noise_bank(seed=6, rounds=1))
    print(f"{len(bank.utterances)} sentences after {time.monotonic() - began:.0f} s", flush=True)
    net = Nano()
    g = np.random.default_rng(4)
    optimiser = _optimiser(net, plan.rate)
    step = 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=False)
        net.load_state_dict(kept["net"])
        optimiser.load_state_dict(kept["optimiser"])
        g.bit_generator.state = kept["generator"]
        step = kept["step"]
        print(f"goes on at step {step}", flush=True)
    elif further is not None:
        print(f"{load_compact(net, further)} of {len(net.used_embedding)} tokens taken over", flush=True)
        _teach_frame_head(net, bank, plan.head_steps)
    turns = [s.windows[i % len(s.windows)] + (s.guide,) for s in plan.stages for i in range(s.steps)]
    mean: dict[str, float] = {}
    while step < plan.steps:
        mels, size, guide = turns[step]
        if step % plan.validate_every == 0:
            print(f"  judged at {step}: {_line(_validate(net, judge, mels, size))}", flush=True)
        cosine = 0.5 * (1 + math.cos(math.pi * step / plan.steps))
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min(1, (step + 1) / plan.warm_up) * (0.02 + 0.98 * cosine)
        loss, parts = losses(net, batch(bank, g, size=size, mels=mels), guide=guide)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        net.hold_constant_channel()
        step += 1
        for name, value in parts.items():
            if not math.isnan(value):
                mean[name] = 0.95 * mean.get(name, value) + 0.05 * value
        if step % 20 == 0:
            print(f"{(time.monotonic() - began) / 60:6.1f} min step {step}: {_line(mean)}", flush=True)
        if step % 50 == 0 or step == plan.steps:
            kept = {
                "net": net.state_dict(),
                "optimiser": optimiser.state_dict(),
                "generator": g.bit_generator.state,
                "step": step,
            }
            torch.save(kept, out / "checkpoint.new")
            (out / "checkpoint.new").replace(checkpoint)
    print(f"  judged at the end: {_line(_validate(net, judge, 3000, 8))}", flush=True)
    export(net, out)
    print(f"written to {out} after {(time.monotonic() - began) / 60:.1f} min", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--further", type=Path, metavar="NPZ")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    asked.out.mkdir(parents=True, exist_ok=True)
    train(
        asked.out, SMOKE if asked.smoke else FURTHER if asked.further else FROM_SCRATCH, further=asked.further
    )


if __name__ == "__main__":
    main()
