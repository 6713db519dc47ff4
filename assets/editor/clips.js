// @ts-check
/** Where the clips of a reel begin and end in their footage. What is changed stands in campaign.yaml, and nowhere else. */

import { ask, ofReel } from "./asking.js";
import { button, make } from "./making.js";
import { words } from "./words.js";

/** @typedef {"in" | "out"} Key */
/** @typedef {{name: string, in: string, out: string, is_brands: boolean}} Clip */
/** @typedef {{at: number} | {point: string | null}} Point milliseconds of the footage; as people write it, null: no such key */

export class ClipsPanel {
  /**
   * @param {string} reel
   * @param {import("./edits.js").Edits} edits
   * @param {{onHere: (key: Key) => void, looked: () => Promise<void>, told: (said: string) => void}} listener
   *   `looked`: asks for the reel anew
   */
  constructor(reel, edits, listener) {
    this.reel = reel;
    this.edits = edits;
    this.listener = listener;
    /** @type {Clip[]} */
    this.clips = [];
    /** What is under way: one cut after the other, however fast somebody undoes. */
    this.going = Promise.resolve();
    this.list = make("ol", { className: "clips", onfocusout: () => setTimeout(() => this.#draw()) });
    this.element = make(
      "section",
      { className: "trim", "aria-label": words.clips },
      make("h2", {}, words.clips),
      this.list,
      make(
        "div",
        { className: "buttons" },
        button(words.beginsHere, () => listener.onHere("in"), { key: "Shift+I" }),
        button(words.endsHere, () => listener.onHere("out"), { key: "Shift+O" }),
      ),
    );
  }

  /** @param {Clip[]} clips */
  show(clips) {
    this.clips = clips;
    this.element.hidden = clips.every((clip) => clip.is_brands);
    this.#draw();
  }

  /**
   * Let a clip begin or end there: a step of the edits, whose undo puts back what stood there before.
   * @param {number} number
   * @param {Key} key
   * @param {Point} to
   * @param {() => void} [done] whenever it is done, undone or done again, before the reel is asked for anew
   */
  trim(number, key, to, done = () => {}) {
    const clip = this.clips[number];
    if (!clip) return;
    const { name } = clip;
    /** @type {string | null | undefined} what this step has written; undefined: nothing yet */
    let stands;
    /** @type {string | null | undefined} undefined: nothing was changed */
    let before;
    const put = async (/** @type {Point} */ point) => {
      // What stands there when its turn comes: cuts before it may not have been shown yet.
      const was = stands === undefined ? this.clips[number]?.[key] ?? "" : stands;
      const { said } = await ask("PUT", `${ofReel(this.reel)}/clips/${number}`, { key, name, was, ...point });
      stands = said.now;
      this.clips = this.clips.map((one, at) => (at === number ? { ...one, [key]: said.now ?? "" } : one));
      done();
      return said.before;
    };
    const turn = (/** @type {() => Point} */ point) => () =>
      this.#inTurn(async () => {
        if (before !== undefined) await put(point());
      });
    const step = { undo: turn(() => ({ point: before ?? null })), redo: turn(() => to) };
    // It is a step from now on, whenever it is done: who undoes at once undoes this one.
    this.edits.did(step);
    this.#inTurn(async () => {
      try {
        before = await put(to);
      } catch (error) {
        this.edits.didNot(step);
        throw error;
      }
    });
  }

  /** @param {() => Promise<void>} act */
  #inTurn(act) {
    const { looked, told } = this.listener;
    this.going = this.going.then(act).catch((error) => told(error.message)).then(looked);
  }

  #draw() {
    // Whoever types there is not taken the field away from.
    if (this.list.contains(document.activeElement)) return;
    this.list.replaceChildren(
      ...this.clips.map((clip, number) => make("li", {}, make("span", {}, clip.name), clip.is_brands ? null : this.#points(clip, number))),
    );
  }

  /** @param {Clip} clip @param {number} number */
  #points(clip, number) {
    const field = (/** @type {Key} */ key, /** @type {string} */ name) =>
      make("input", {
        className: "time",
        value: clip[key],
        placeholder: key === "in" ? "0:00" : "",
        "aria-label": `${clip.name}: ${name}`,
        onchange: (/** @type {Event} */ event) => {
          const input = /** @type {HTMLInputElement} */ (event.target);
          input.blur();
          this.trim(number, key, { point: input.value.trim() });
        },
      });
    return make("div", { className: "points" }, field("in", words.starts), "–", field("out", words.ends));
  }
}
