// @ts-check
/** What is done with the cue that is selected, and where the reel stands. Whatever it changes is a step that can be undone. */

import { ask } from "./asking.js";
import { findAndReplace } from "./dialogs.js";
import { isMarked, markedOrNot } from "./edits.js";
import { words } from "./words.js";

/** @typedef {import("./edits.js").Draft} Draft */

const NEW_CUE_MS = 1500;

export class Acts {
  /** @param {import("./openreel.js").OpenReel} reel */
  constructor(reel) {
    this.reel = reel;
  }

  get #selected() {
    return this.reel.edits.find(this.reel.list.selected);
  }

  /** @param {boolean} loops */
  playCue(loops) {
    const found = this.#selected;
    const [stretch] = found ? this.reel.stretchesOf(found.draft, found.cue) : [];
    if (stretch) this.reel.player.playStretch(stretch, loops);
  }

  /** Where the programme stands, as a time of the footage of `draft`. @param {Draft} draft */
  #now(draft) {
    const at = this.reel.programme?.sourceAt(this.reel.player.frame);
    return at && draft.clips.includes(at.clip) ? at.milliseconds : null;
  }

  merge() {
    this.reel.edits.merge(this.reel.list.selected);
  }

  /** Begin to type in it. */
  edit() {
    this.reel.list.edit(this.reel.list.selected);
  }

  /** The cue before or behind it is selected. @param {number} by */
  beside(by) {
    const row = this.reel.list.beside(by);
    if (row) this.reel.select(row.cue.id, { seek: true, scroll: true });
  }

  /** It begins, or ends, where the reel stands. @param {"start" | "end"} which */
  here(which) {
    const found = this.#selected;
    const now = found ? this.#now(found.draft) : null;
    if (found && now !== null) this.reel.edits.retime(found.cue.id, { [which]: now });
  }

  /** By whole frames of the programme: steps of rounded milliseconds would drift off them. @param {"start" | "end"} which @param {number} frames */
  nudge(which, frames) {
    const found = this.#selected;
    const frame = this.reel.programme ? this.reel.programme.millisecondsOf(1) : 1000 / 30;
    if (found) this.reel.edits.retime(found.cue.id, { [which]: (Math.round(found.cue[which] / frame) + frames) * frame });
  }

  split() {
    const found = this.#selected;
    if (!found) return;
    const now = this.#now(found.draft);
    const { start, end, text } = found.cue;
    const isInside = now !== null && now > start && now < end;
    const share = isInside ? (now - start) / (end - start) : 0.5;
    const wanted = Math.round(text.length * share);
    const gaps = [...text.matchAll(/\s+/g)].map((gap) => gap.index);
    const caret = gaps.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? Math.max(1, Math.min(text.length - 1, wanted));
    const second = this.reel.edits.split(found.cue.id, caret, isInside ? now : undefined);
    if (second) this.reel.select(second, { scroll: true });
  }

  insert() {
    const draft = this.#selected?.draft ?? this.reel.edits.drafts.values().next().value;
    if (!draft) return;
    const at = this.reel.programme?.sourceAt(this.reel.player.frame);
    const into = [...this.reel.edits.drafts.values()].find((one) => at && one.clips.includes(at.clip)) ?? draft;
    const start = this.#now(into) ?? (this.#selected?.cue.end ?? 0);
    const next = into.cues.find((cue) => cue.start > start);
    const end = Math.min(start + NEW_CUE_MS, Math.max(start + 200, next?.start ?? Infinity));
    const id = this.reel.edits.insert(into.name, start, end, "…");
    this.reel.list.edit(id);
    const field = /** @type {HTMLTextAreaElement | null} */ (document.activeElement);
    if (field?.select) field.select();
  }

  remove() {
    const { selected } = this.reel.list;
    const beside = [this.reel.list.beside(1), this.reel.list.beside(-1)].find((row) => row && row.cue.id !== selected);
    this.reel.edits.remove(selected);
    if (beside) this.reel.select(beside.cue.id, { scroll: true });
  }

  /** What is said in the cue goes from the film, or comes back. */
  mark() {
    const found = this.#selected;
    if (!found) return;
    const text = markedOrNot(found.cue.text);
    this.reel.edits.rewrite(found.cue.id, text);
    this.reel.showTyped(found.cue.id, text);
    if (isMarked(text) && !this.reel.cutsByText) this.reel.told(words.notCutByText);
  }

  /** The clip that plays begins, or ends, with the frame that stands there, and that stays in sight. @param {"in" | "out"} key */
  trimHere(key) {
    const { programme, player } = this.reel;
    const at = programme?.sourceAt(player.frame);
    if (this.reel.awaits) this.reel.told(words.makingFilm);
    if (!programme || !at || this.reel.awaits) return;
    const frame = key === "out" ? programme.millisecondsOf(1) : 0;
    this.reel.clips.trim(at.clip, key, { at: at.milliseconds + frame }, () => this.reel.standAt(at));
  }

  find() {
    findAndReplace({
      count: (what) =>
        [...this.reel.edits.drafts.values()].flatMap((draft) => draft.cues).reduce((sum, cue) => sum + cue.text.split(what).length - 1, 0),
      countElsewhere: async (what) => (await ask("POST", "/api/drafts", { find: what, besides: this.reel.names })).said.count,
      replace: async (what, by, everywhere) => {
        if (!everywhere || !what) return this.reel.edits.replaceAll(what, by);
        const { said } = await ask("POST", "/api/drafts", { find: what, by, besides: this.reel.names });
        return said.count + this.reel.edits.replaceAll(what, by, said.back ? this.#outside(said.back) : undefined);
      },
      told: this.reel.told,
    });
  }

  /** What was replaced in drafts that do not lie open, to be taken back and done again. @param {string} name @returns {import("./edits.js").Outside} */
  #outside(name) {
    let going = Promise.resolve(name);
    const turn = () => {
      going = going.then(async (back) => {
        if (!back) return back;
        try {
          const { said } = await ask("POST", "/api/drafts", { back });
          if (!said.count) this.reel.told(words.replaced(0));
          return said.back;
        } catch (error) {
          this.reel.told(error instanceof Error ? error.message : String(error));
          return back;
        }
      });
    };
    return { undo: turn, redo: turn };
  }
}
