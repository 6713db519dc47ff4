// @ts-check
/**
 * The reel as a phone shows it. Playing: the film without subtitles, and over it the captions as they are now.
 * Standing: the very frame that the render draws, as soon as it is there.
 */

import { font, letter } from "./lettering.js";
import { button, clock, make } from "./making.js";
import { words } from "./words.js";

/** @typedef {import("./programme.js").Programme} Programme */
/** @typedef {{name: string, title: string, raster: [number, number], safe: number[], covered: number[][]}} Platform */

const EXACT_AFTER_MS = 120;
const LATE_FRAME = 0.02;
const H264 = 'video/mp4; codecs="avc1.640028"';

export class Player {
  /**
   * @param {string} frames the address under which frames lie
   * @param {Platform[]} platforms
   * @param {(frame: number) => void} onFrame
   * @param {(why: "being-made" | "not-played") => void} onNoFilm somebody wants to play what is still being made, or what this
   *   browser does not play
   */
  constructor(frames, platforms, onFrame, onNoFilm) {
    this.onNoFilm = onNoFilm;
    this.address = frames;
    this.onFrame = onFrame;
    this.frame = 0;
    /** How often somebody has wanted to look elsewhere. */
    this.seeks = 0;
    /** @type {[number, number] | null} */
    this.stretch = null;
    this.loops = false;
    this.version = 0;
    /** @type {Programme | null} */
    this.programme = null;
    this.family = "";
    this.exactFor = "";
    this.waiting = 0;
    this.following = 0;

    this.video = make("video", { muted: false, preload: "auto", playsInline: true, tabIndex: -1, "aria-hidden": "true" });
    this.still = make("img", { alt: "", decoding: "async", hidden: true });
    this.letters = make("canvas", { className: "letters" });
    this.covers = make("canvas", { className: "covers", hidden: true });
    this.screen = make("div", { className: "screen" }, this.video, this.still, this.letters, this.covers);
    this.time = make("span", { className: "clock" });
    this.playing = button(words.play, () => this.toggle(), { sign: "▶", key: "Space" });
    this.position = make("input", {
      type: "range",
      min: "0",
      step: "1",
      "aria-label": words.position,
      oninput: () => this.seek(Number(this.position.value)),
    });
    const choice = make(
      "select",
      { "aria-label": words.areas, onchange: () => this.cover(platforms.find((one) => one.name === choice.value)) },
      make("option", { value: "" }, words.noAreas),
      ...platforms.map((one) => make("option", { value: one.name }, one.title)),
    );
    this.element = make(
      "section",
      { className: "player", "aria-label": words.play },
      this.screen,
      this.position,
      make(
        "div",
        { className: "buttons" },
        button(words.frameBack, () => this.step(-1), { sign: "◀︎|", key: "←" }),
        this.playing,
        button(words.frameOn, () => this.step(1), { sign: "|▶︎", key: "→" }),
        this.time,
        choice,
      ),
    );
    this.video.addEventListener("play", () => this.#follow());
    this.video.addEventListener("pause", () => this.#stands());
    this.video.addEventListener("seeked", () => this.#draw());
    this.still.addEventListener("load", () => {
      this.still.hidden = this.isPlaying || this.exactFor !== this.#wanted;
      this.#draw();
    });
    new ResizeObserver(() => this.#draw()).observe(this.screen);
  }

  get isPlaying() {
    return !this.video.paused;
  }

  /** What is shown from now on. @param {Programme} programme @param {{exact?: boolean}} [how] */
  show(programme, how = {}) {
    this.programme = programme;
    const [width, height] = programme.said.raster;
    this.screen.style.aspectRatio = `${width} / ${height}`;
    this.position.max = String(programme.frames - 1);
    this.frame = Math.min(this.frame, programme.frames - 1);
    if (how.exact !== false) this.version += 1;
    this.still.hidden = true;
    font(programme.said.style.font).then((family) => {
      this.family = family;
      this.#draw();
    });
    if (how.exact !== false) this.#askExact();
    this.#draw();
  }

  /** @param {string} address */
  film(address) {
    this.video.src = address;
    // Where the reader stands by then, and not where he stood when it was asked for.
    this.video.addEventListener("loadedmetadata", () => this.#stand(this.frame), { once: true });
  }

  get hasFilm() {
    return this.video.readyState >= 1;
  }

  toggle() {
    this.stretch = null;
    this.loops = false;
    if (this.isPlaying) this.video.pause();
    else this.#play();
  }

  /** @param {[number, number]} stretch frames @param {boolean} loops */
  playStretch(stretch, loops) {
    this.seek(Math.round(stretch[0]));
    this.stretch = [Math.round(stretch[0]), Math.round(stretch[1])];
    this.loops = loops;
    this.#play();
  }

  /** Where somebody wants to look. @param {number} frame */
  seek(frame) {
    this.seeks += 1;
    this.#stand(frame);
  }

  /** @param {number} frame */
  #stand(frame) {
    if (!this.programme) return;
    this.frame = Math.min(this.programme.frames - 1, Math.max(0, Math.round(frame)));
    // Into the middle of the frame, so that no rounding shows its neighbour.
    if (this.hasFilm) this.video.currentTime = (this.frame + 0.5) / this.programme.rate;
    this.still.hidden = true;
    this.#draw();
    this.#askExact();
  }

  /** @param {number} frames */
  step(frames) {
    if (this.isPlaying) this.video.pause();
    this.seek(this.frame + frames);
  }

  /** @param {Platform | undefined} platform */
  cover(platform) {
    this.covered = platform;
    this.covers.hidden = !platform;
    this.#draw();
  }

  #play() {
    if (!this.hasFilm) {
      this.onNoFilm(this.video.canPlayType(H264) ? "being-made" : "not-played");
      return;
    }
    if (this.programme && this.frame >= this.programme.frames - 1) this.seek(0);
    this.video.play().catch(() => {});
  }

  #follow() {
    this.playing.textContent = "❚❚";
    this.playing.setAttribute("aria-label", words.pause);
    this.still.hidden = true;
    const step = (/** @type {number} */ _now, /** @type {{mediaTime: number}} */ at) => {
      if (!this.isPlaying || !this.programme) return;
      this.frame = Math.min(this.programme.frames - 1, Math.round((at.mediaTime + LATE_FRAME / this.programme.rate) * this.programme.rate));
      if (this.stretch && this.frame >= this.stretch[1] - 1) {
        const [begin] = this.stretch;
        if (this.loops) this.video.currentTime = (begin + 0.5) / this.programme.rate;
        else {
          this.video.pause();
          return;
        }
      }
      this.#draw();
      this.following = this.video.requestVideoFrameCallback(step);
    };
    this.video.cancelVideoFrameCallback(this.following);
    this.following = this.video.requestVideoFrameCallback(step);
  }

  #stands() {
    this.playing.textContent = "▶";
    this.playing.setAttribute("aria-label", words.play);
    if (this.programme) this.frame = Math.min(this.programme.frames - 1, Math.floor(this.video.currentTime * this.programme.rate + LATE_FRAME));
    this.#draw();
    this.#askExact();
  }

  get #wanted() {
    return `${this.address}/${this.frame}?v=${this.version}`;
  }

  #askExact() {
    clearTimeout(this.waiting);
    if (this.isPlaying || !this.programme) return;
    this.waiting = setTimeout(() => {
      if (this.isPlaying) return;
      if (this.exactFor === this.#wanted && this.still.complete && this.still.naturalWidth) {
        this.still.hidden = false;
        this.#draw();
        return;
      }
      this.exactFor = this.#wanted;
      this.still.src = this.exactFor;
    }, EXACT_AFTER_MS);
  }

  #draw() {
    const { programme } = this;
    if (!programme) return;
    this.onFrame(this.frame);
    this.position.value = String(this.frame);
    this.time.textContent = clock(programme.millisecondsOf(this.frame));
    this.position.setAttribute("aria-valuetext", this.time.textContent);
    const exact = !this.still.hidden;
    const captions = exact ? [] : programme.captionsAt(this.frame);
    const canvas = this.#cleared(this.letters);
    if (canvas && captions.length && this.family) {
      letter(canvas, captions, programme.said.style, this.family, this.frame);
    }
    const covers = this.covered ? this.#cleared(this.covers) : null;
    if (covers && this.covered) {
      covers.fillStyle = "rgb(200 30 60 / 35%)";
      const { raster: [width, height], safe: [left, top, right, bottom], covered } = this.covered;
      covers.beginPath();
      covers.rect(0, 0, width, height);
      covers.rect(left, top, right - left, bottom - top);
      covers.fill("evenodd");
      for (const [l, t, r, b] of covered) covers.fillRect(l, t, r - l, b - t);
    }
  }

  /** @param {HTMLCanvasElement} canvas */
  #cleared(canvas) {
    const { programme } = this;
    const width = Math.round(this.screen.clientWidth * devicePixelRatio);
    const height = Math.round(this.screen.clientHeight * devicePixelRatio);
    const context = canvas.getContext("2d");
    if (!context || !programme || !width) return null;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const [wide, high] = programme.said.raster;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(width / wide, 0, 0, height / high, 0, 0);
    return context;
  }
}
