"""The network: a stock Whisper of 1.03 M parameters, written so that little data teaches it, and its losses.

Holds `Nano` and `losses`. Everything learned here is exported into ordinary Whisper weights by `export`: the
shortcuts are in how the weights are made up, not in what the engines run. `windows` stands before, `train`
after.

The shortcuts: only the used tokens have an embedding of their own; the 1501 time tokens and the decoder's
positions are sinusoids times a learned square matrix; the encoder starts out looking at near frames; two
helper losses say which token sounds in which frame.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from whisper.model import ModelDimensions, Whisper, sinusoids

from .windows import TOKENS, Batch

__all__ = ["HEADS", "STATE", "Nano", "frame_loss", "load_compact", "losses"]

STATE, HEADS = 112, 4
_ENCODER_LAYERS, _DECODER_LAYERS = 3, 2
_TEXT_CONTEXT, _TIMES = 448, 1501


class Nano(nn.Module):
    """Stock Whisper blocks around compact embeddings."""

    def __init__(self) -> None:
        super().__init__()
        self.dims = ModelDimensions(
            80, 1500, STATE, HEADS, _ENCODER_LAYERS, 51865, _TEXT_CONTEXT, STATE, HEADS, _DECODER_LAYERS
        )
        stock = Whisper(self.dims)
        self.encoder, self.blocks, self.ln = stock.encoder, stock.decoder.blocks, stock.decoder.ln
        self.used_embedding = nn.Parameter(torch.randn(len(TOKENS.used), STATE) * 0.1)
        self.time_matrix = nn.Parameter(torch.eye(STATE) * 0.15)
        self.time_bias = nn.Parameter(torch.zeros(STATE))
        self.position_matrix = nn.Parameter(torch.eye(STATE) * 0.05)
        self.frame_head = nn.Linear(STATE, len(TOKENS.used) + 1)
        self.register_buffer("sinusoids", sinusoids(_TIMES, STATE), persistent=False)
        unused = torch.zeros(1, STATE)
        unused[0, 0] = -4
        self.register_buffer("unused_embedding", unused, persistent=False)
        self.used_embedding.data[:, 0] = 0
        self.hold_constant_channel()
        self._look_nearby()

    @torch.no_grad()
    def hold_constant_channel(self) -> None:
        """Channel 0 of the last layer norm is always 5: an unused row [-4, 0, ...] has the logit -20."""
        self.ln.weight[0] = 0
        self.ln.bias[0] = 5

    @torch.no_grad()
    def _look_nearby(self, strength: float = 2.3) -> None:
        """Each encoder head starts out looking a fixed number of frames away.

        Query and key read the fast sinusoids of the positions, the query rotated by the distance.
        """
        width, half = STATE // HEADS, STATE // 2
        omega = torch.exp(-math.log(10000) / (half - 1) * torch.arange(half).float())
        fast = torch.linspace(0, int(half * 0.33), width // 2).round().long().tolist()
        distances = [[-7, -2, 2, 7], [-16, -5, 5, 16], [-30, -10, 10, 30]]
        for block, layer in zip(self.encoder.blocks, distances, strict=True):
            query, key = block.attn.query.weight, block.attn.key.weight
            query.mul_(0.3)
            key.mul_(0.3)
            for head, distance in enumerate(layer):
                for m, i in enumerate(fast):
                    row = head * width + 2 * m
                    cos, sin = math.cos(omega[i] * distance), math.sin(omega[i] * distance)
                    key[row, i] += strength
                    key[row + 1, i + half] += strength
                    query[row, i] += strength * cos
                    query[row, i + half] += strength * sin
                    query[row + 1, i + half] += strength * cos
                    query[row + 1, i] -= strength * sin

    def table(self) -> Tensor:
        """The compact embedding table: used tokens, the unknown one, times."""
        times = self.sinusoids @ self.time_matrix + self.time_bias
        return torch.cat([self.used_embedding, self.unused_embedding, times])

    def positions(self) -> Tensor:
        return self.sinusoids[:_TEXT_CONTEXT] @ self.position_matrix

    def encode(self, mel: Tensor, offset: Tensor) -> Tensor:
        x = functional.gelu(self.encoder.conv1(mel))
        x = functional.gelu(self.encoder.conv2(x)).permute(0, 2, 1)
        frames = x.shape[1]
        x = x + torch.stack([self.encoder.positional_embedding[o : o + frames] for o in offset.tolist()])
        for block in self.encoder.blocks:
            x = block(x)
        result: Tensor = self.encoder.ln_post(x)
        return result

    def decode(self, tokens: Tensor, heard: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits over the compact numbers, and per layer the log of where the cross attention looks."""
        table = self.table()
        length = tokens.shape[1]

        def split(t: Tensor) -> Tensor:
            return t.view(t.shape[0], -1, HEADS, STATE // HEADS).transpose(1, 2)

        x = functional.embedding(tokens, table) + self.positions()[:length]
        looks = []
        for block in self.blocks:
            y, own = block.attn_ln(x), block.attn
            seen = functional.scaled_dot_product_attention(
                split(own.query(y)), split(own.key(y)), split(own.value(y)), is_causal=True
            )
            x = x + own.out(seen.transpose(1, 2).reshape(x.shape))
            y, cross = block.cross_attn_ln(x), block.cross_attn
            scores = (split(cross.query(y)) * (STATE // HEADS) ** -0.5) @ split(cross.key(heard)).transpose(
                -1, -2
            )
            look = functional.log_softmax(scores, -1)
            looks.append(look)
            x = x + cross.out((look.exp() @ split(cross.value(heard))).transpose(1, 2).reshape(x.shape))
            x = x + block.mlp(block.mlp_ln(x))
        return self.ln(x) @ table.t(), looks


def load_compact(net: Nano, path: Path) -> int:
    """Fills `net` from exported weights; words that those did not know keep their fresh rows.

    Returns the number of rows taken over. The frame head is not part of the exported weights.
    """
    with np.load(path) as stored:
        state = {
            name.removeprefix("decoder."): torch.from_numpy(stored[name].astype(np.float32))
            for name in stored.files
            if name.startswith("decoder.")
        } | {
            name: torch.from_numpy(stored[name].astype(np.float32))
            for name in stored.files
            if name.startswith("encoder.")
        }
        missing, unexpected = net.load_state_dict(state, strict=False)
        own = {
            "used_embedding",
            "time_matrix",
            "time_bias",
            "position_matrix",
            "frame_head.weight",
            "frame_head.bias",
        }
        if unexpected or set(missing) - own - {"encoder.positional_embedding"}:
            raise ValueError(f"{path.name}: unexpected {unexpected}, missing {missing}")
        taken = 0
        with torch.no_grad():
            for token, row in zip(
                stored["used"].tolist(), stored["emb_used"].astype(np.float32), strict=True
            ):
                if token in TOKENS.compact:
                    net.used_embedding[TOKENS.compact[token]] = torch.from_numpy(row)
                    taken += 1
            for parameter, name in (
                (net.time_matrix, "ts_w"),
                (net.time_bias, "ts_b"),
                (net.position_matrix, "pos_w"),
            ):
                parameter.copy_(torch.from_numpy(stored[name].astype(np.float32)))
    return taken


def _looking_loss(look: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """How far heads' looks, [batch, heads, tokens, frames], are from resting on each token's span."""
    frame = torch.arange(look.shape[-1])[None, None]
    low = start.floor()[..., None].clamp(min=0)
    high = torch.maximum(end.ceil(), start.floor() + 1)[..., None]
    inside = ((frame >= low) & (frame < high) & (end > 0)[..., None]).float()
    count = inside.sum(-1)
    # One product per head; a sum over the span, without a copy of `look` for each head.
    on_span = torch.einsum("bhtf,btf->bt", look, inside / count.clamp(min=1)[..., None])
    loss: Tensor = -on_span[count > 0].mean() / look.shape[1]
    return loss


def frame_loss(net: Nano, heard: Tensor, frame_tokens: Tensor) -> Tensor:
    """Which token sounds in each frame, read off the encoder by a head that is thrown away afterwards."""
    return functional.cross_entropy(
        net.frame_head(heard).flatten(0, 1), frame_tokens.flatten(), ignore_index=-100
    )


def losses(
    net: Nano, b: Batch, *, guide: float = 0.6, frames: float = 0.5
) -> tuple[Tensor, dict[str, float]]:
    """The training loss and its parts. Times count twice, and their neighbours count a little as right."""
    heard = net.encode(b.mel, b.offset)
    logits, looks = net.decode(b.tokens, heard)
    wanted = b.target >= 0
    # Only the learned places: a log-softmax over all of the padding would be wasted.
    guessed, target = functional.log_softmax(logits[wanted], -1), b.target[wanted]
    nll = -guessed.gather(1, target[:, None])[:, 0]
    is_time = target >= TOKENS.times
    if bool(is_time.any()):
        smooth = torch.zeros(int(is_time.sum()))
        for shift, weight in zip(range(-2, 3), (0.08, 0.2, 0.44, 0.2, 0.08), strict=True):
            near = (target[is_time] + shift).clamp(TOKENS.times, TOKENS.times + _TIMES - 1)
            smooth = smooth - weight * guessed[is_time].gather(1, near[:, None])[:, 0]
        nll = nll.masked_scatter(is_time, smooth)
    weight = torch.where(is_time | (target == TOKENS.number(TOKENS.end)), 2.0, 1.0)
    text = (nll * weight).sum() / weight.sum()
    # Every head of the last layer: the engines align words by all of them.
    write = _looking_loss(looks[-1], b.write_start, b.write_end)
    read = _looking_loss(looks[0][:, :1], b.read_start, b.read_end)
    heard_loss = frame_loss(net, heard, b.frame_tokens)
    loss = text + frames * heard_loss + guide * (write + 0.5 * read)
    right = guessed.argmax(-1)
    near = ((right - target)[is_time].abs() <= 3).float()
    parts = {
        "text": nll[~is_time].mean(),
        "right": (right == target)[~is_time].float().mean(),
        "time±60ms": near.mean(),
        "frames": heard_loss,
        "write": write,
        "read": read,
    }
    return loss, {name: value.item() for name, value in parts.items()}
