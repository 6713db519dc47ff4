// @ts-check
/** Where the clips of a reel begin and end in their footage. What is changed stands in campaign.yaml, and nowhere else. */

import { button, make } from "./making.js";
import { words } from "./words.js";

/** @typedef {"in" | "out"} Key */
/** @typedef {{name: string, in: string, out: string, is_brands: boolean}} Clip */

export class ClipsPanel {
  /** @param {{onHere: (key: Key) => void, onWritten: (number: number, clip: Clip, key: Key, point: string) => void}} listener */
  constructor(listener) {
    this.listener = listener;
    /** @type {Clip[]} */
    this.clips = [];
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

  #draw() {
    const { clips } = this;
    // Whoever types there is not taken the field away from.
    if (this.list.contains(document.activeElement)) return;
    this.list.replaceChildren(...clips.map((clip, number) => make("li", {}, make("span", {}, clip.name), clip.is_brands ? null : this.#points(clip, number))));
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
          this.listener.onWritten(number, clip, key, input.value.trim());
        },
      });
    return make("div", { className: "points" }, field("in", words.starts), "–", field("out", words.ends));
  }
}
