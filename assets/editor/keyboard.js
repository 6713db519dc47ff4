// @ts-check
/** What keys do: by the place of a key, for with a Korean layout the I is a ㅑ; never while a letter is composed. */

import { keys } from "./dialogs.js";

export class Keyboard {
  /** @param {import("./openreel.js").OpenReel} reel */
  constructor(reel) {
    this.reel = reel;
  }

  /** @param {KeyboardEvent} event @param {number} id @param {HTMLTextAreaElement} field */
  inField(event, id, field) {
    // A key that composes a letter is the input method's, the Enter that ends it too.
    if (event.isComposing || event.keyCode === 229) return;
    // Find is of the whole page.
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyF") return;
    if (event.key === "Escape") {
      field.blur();
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const second = this.reel.edits.split(id, field.selectionStart);
      if (second) this.reel.list.edit(second, 0);
      else {
        const next = this.reel.list.beside(1);
        if (next) this.reel.list.edit(next.cue.id);
      }
    } else if (this.#isUndo(event)) {
      event.preventDefault();
    }
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event */
  #isUndo(event) {
    if (!event.ctrlKey && !event.metaKey) return false;
    if (event.code === "KeyZ" && !event.shiftKey) this.reel.edits.undo();
    else if (event.code === "KeyY" || event.code === "KeyZ") this.reel.edits.redo();
    else return false;
    return true;
  }

  /** Anywhere on the page. @param {KeyboardEvent} event */
  onPage(event) {
    if (document.querySelector("dialog[open]") || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyF") {
      event.preventDefault();
      this.reel.acts.find();
      return;
    }
    const target = /** @type {HTMLElement} */ (event.target);
    if (/^(input|select|textarea)$/i.test(target.tagName)) {
      const isRange = target instanceof HTMLInputElement && (target.type === "range" || target.type === "checkbox");
      if (!isRange || event.code === "Space") return;
    }
    if (this.#isUndo(event)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // The one that is a sign lies elsewhere on every layout.
    const act = event.key === "?" ? keys : this.#acts(event)[event.code];
    if (!act) return;
    if (target.closest("a, button, summary, label") && ["Space", "Enter", "NumpadEnter"].includes(event.code)) return;
    event.preventDefault();
    act();
  }

  /** @param {KeyboardEvent} event @returns {Record<string, () => void>} */
  #acts({ shiftKey }) {
    const { acts, player } = this.reel;
    const rate = Math.round(this.reel.programme?.rate ?? 30);
    const edge = shiftKey ? "end" : "start";
    return {
      Space: () => player.toggle(),
      ArrowLeft: () => player.step(shiftKey ? -rate : -1),
      ArrowRight: () => player.step(shiftKey ? rate : 1),
      ArrowUp: () => acts.beside(-1),
      ArrowDown: () => acts.beside(1),
      Enter: () => acts.edit(),
      NumpadEnter: () => acts.edit(),
      KeyI: () => (shiftKey ? acts.trimHere("in") : acts.here("start")),
      KeyO: () => (shiftKey ? acts.trimHere("out") : acts.here("end")),
      KeyX: () => acts.mark(),
      BracketLeft: () => acts.nudge(edge, -1),
      BracketRight: () => acts.nudge(edge, 1),
      KeyP: () => acts.playCue(false),
      KeyL: () => acts.playCue(true),
      KeyS: () => acts.split(),
      KeyM: () => acts.merge(),
      KeyN: () => acts.insert(),
      Delete: () => acts.remove(),
    };
  }
}
