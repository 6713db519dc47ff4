// @ts-check
/** The programme from left to right: how loud it is, where it was cut, and its cues to be dragged. */

import { button, make } from "./making.js";
import { words } from "./words.js";

/** @typedef {import("./programme.js").Programme} Programme */
/** @typedef {{id: number, text: string, stretch: [number, number], isSelected: boolean}} Block */

const EDGE_PX = 14;
const WINDOWS_A_SECOND = 50;
const LEAST_PX_A_SECOND = 6;
const MOST_PX_A_SECOND = 400;
const SPEECH_PX = 5;

export class Timeline {
  /**
   * @param {{onSeek: (frame: number) => void, onSelect: (id: number) => void,
   *   onGrab: (id: number) => {start: number, end: number} | null,
   *   onDrag: (grabbed: {start: number, end: number}, id: number, edge: "start" | "end" | "both", frames: number, going: boolean) => boolean}} listener
   */
  constructor(listener) {
    this.listener = listener;
    /** @type {Programme | null} */
    this.programme = null;
    /** @type {Block[]} */
    this.blocks = [];
    /** @type {[number, number][]} frames in which somebody speaks */
    this.speech = [];
    this.loudness = new Uint8Array();
    this.frame = 0;
    this.scale = 60;
    this.left = 0;
    this.isDirty = false;
    this.canvas = make("canvas", { className: "wave", role: "img", "aria-label": words.timeline });
    this.element = make(
      "section",
      { className: "timeline", "aria-label": words.timeline },
      this.canvas,
      make(
        "div",
        { className: "buttons" },
        button(words.wider, () => this.#zoom(1 / 1.5), { sign: "−" }),
        button(words.closer, () => this.#zoom(1.5), { sign: "+" }),
      ),
    );
    this.canvas.addEventListener("pointerdown", (event) => this.#grab(event));
    this.canvas.addEventListener("pointermove", (event) => this.#hover(event));
    this.canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) this.#zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
        else this.#scroll(event.deltaX || event.deltaY);
      },
      { passive: false },
    );
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** @param {number} frame */
  at(frame) {
    this.frame = frame;
    const x = this.#x(frame);
    const width = this.canvas.clientWidth;
    if (x < this.left || x > this.left + width * 0.9) this.left = Math.max(0, x - width * 0.2);
    this.draw();
  }

  /** Drawn once for any number of changes before the next picture. */
  draw() {
    if (this.isDirty) return;
    this.isDirty = true;
    requestAnimationFrame(() => {
      this.isDirty = false;
      this.#drawNow();
    });
  }

  /** @param {number} frame */
  #x(frame) {
    return this.programme ? (frame / this.programme.rate) * this.scale : 0;
  }

  /** @param {number} x from the canvas's left edge */
  #frame(x) {
    return this.programme ? ((x + this.left) / this.scale) * this.programme.rate : 0;
  }

  /** @param {number} by */
  #zoom(by) {
    const middle = this.#frame(this.canvas.clientWidth / 2);
    this.scale = Math.min(MOST_PX_A_SECOND, Math.max(LEAST_PX_A_SECOND, this.scale * by));
    this.left = Math.max(0, this.#x(middle) - this.canvas.clientWidth / 2);
    this.draw();
  }

  /** @param {number} by */
  #scroll(by) {
    const whole = this.programme ? this.#x(this.programme.frames) : 0;
    this.left = Math.max(0, Math.min(Math.max(0, whole - this.canvas.clientWidth / 2), this.left + by));
    this.draw();
  }

  /** @param {PointerEvent} event @returns {{block: Block, edge: "start" | "end" | "both"} | null} */
  #under(event) {
    const x = event.offsetX + this.left;
    const reach = event.pointerType === "touch" ? 2 * EDGE_PX : EDGE_PX;
    const inOrder = [...this.blocks].sort((a, b) => Number(b.isSelected) - Number(a.isSelected));
    for (const block of inOrder) {
      const [from, to] = block.stretch.map((frame) => this.#x(frame));
      if (x < from - reach / 2 || x > to + reach / 2) continue;
      // Of a short cue the middle must stay within reach.
      const inside = Math.min(reach, (to - from) / 3);
      if (x < from + inside) return { block, edge: "start" };
      if (x > to - inside) return { block, edge: "end" };
      return { block, edge: "both" };
    }
    return null;
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const under = this.#under(event);
    this.canvas.style.cursor = !under ? "text" : under.edge === "both" ? "grab" : "ew-resize";
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0 || event.offsetY < 0) return;
    const under = this.#under(event);
    if (!under) {
      this.listener.onSeek(Math.round(this.#frame(event.offsetX)));
      return;
    }
    const { block, edge } = under;
    this.listener.onSelect(block.id);
    const grabbed = this.listener.onGrab(block.id);
    if (!grabbed) return;
    const began = event.offsetX;
    let last = 0;
    let hasMoved = false;
    this.canvas.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ now) => {
      if (!this.programme) return;
      const frames = Math.round(((now.offsetX - began) / this.scale) * this.programme.rate);
      if (frames === last) return;
      last = frames;
      if (this.listener.onDrag(grabbed, block.id, edge, frames, hasMoved)) hasMoved = true;
    };
    const release = () => {
      this.canvas.removeEventListener("pointermove", move);
      if (!hasMoved) this.listener.onSeek(Math.round(this.#frame(began)));
    };
    this.canvas.addEventListener("pointermove", move);
    this.canvas.addEventListener("pointerup", release, { once: true });
    this.canvas.addEventListener("pointercancel", release, { once: true });
  }

  #drawNow() {
    const { canvas, programme } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const context = canvas.getContext("2d");
    if (!context || !programme || !width) return;
    const [wide, high] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const colours = getComputedStyle(canvas);
    const colour = (/** @type {string} */ name) => colours.getPropertyValue(name).trim();
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.save();
    context.translate(-this.left, 0);
    const half = height / 2;
    context.fillStyle = colour("--wave");
    const step = this.scale / WINDOWS_A_SECOND;
    const first = Math.max(0, Math.floor(this.left / step));
    const last = Math.min(this.loudness.length, Math.ceil((this.left + width) / step) + 1);
    for (let at = first; at < last; at += 1) {
      const loud = (this.loudness[at] / 255) ** 2 * (half - 4);
      context.fillRect(at * step, half - loud, Math.max(1, step), 2 * loud);
    }
    context.fillStyle = colour("--speech");
    for (const [from, to] of this.speech) {
      context.fillRect(this.#x(from), height - SPEECH_PX, Math.max(1, this.#x(to) - this.#x(from)), SPEECH_PX);
    }
    for (const block of this.blocks) {
      const [from, to] = block.stretch.map((frame) => this.#x(frame));
      if (to < this.left || from > this.left + width) continue;
      context.fillStyle = colour(block.isSelected ? "--block-selected" : "--block");
      context.fillRect(from, 6, Math.max(2, to - from - 1), height - 12);
      context.fillStyle = colour("--block-edge");
      context.fillRect(from, 6, 3, height - 12);
      context.fillRect(Math.max(from, to - 4), 6, 3, height - 12);
      context.save();
      context.beginPath();
      context.rect(from + 6, 6, Math.max(0, to - from - 12), height - 12);
      context.clip();
      context.fillStyle = colour("--block-text");
      context.font = "13px system-ui, sans-serif, reels-page";
      context.fillText(block.text.replace(/\n/g, " "), from + 8, 22);
      context.restore();
    }
    context.fillStyle = colour("--cut");
    for (const span of programme.said.spans.slice(1)) context.fillRect(this.#x(span.frames[0]) - 1, 0, 2, height);
    context.fillStyle = colour("--playhead");
    context.fillRect(this.#x(this.frame) - 1, 0, 2, height);
    context.restore();
  }
}
