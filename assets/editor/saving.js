// @ts-check
/**
 * Every edit goes to the file by itself, a moment after it was made. What the file says of an edit comes back as what
 * stands there: together with others' edits, or as a conflict that a person decides.
 */

import { ask } from "./asking.js";

/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {"saved" | "unsaved" | "saving" | "conflict" | "failed"} State */
/** @typedef {{start: number, end: number, text: string}} SaidCue */
/** @typedef {{base: SaidCue[], mine: SaidCue[], theirs: SaidCue[]}} Conflict */

const AFTER_MS = 250;
const AGAIN_AFTER_MS = 2000;

export class Saving {
  /**
   * @param {Edits} edits
   * @param {string} reel
   * @param {{onState: (state: State, said?: string) => void,
   *   onAnswer: (answer: {programme: any, findings: any[]}) => void,
   *   onConflict: (name: string, answer: {version: string, cues: SaidCue[], conflicts: Conflict[]}) => void}} listener
   */
  constructor(edits, reel, listener) {
    this.edits = edits;
    this.reel = reel;
    this.listener = listener;
    this.saved = edits.texts;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    this.isSaving = false;
    /** How often something was saved. */
    this.savings = 0;
    /** @type {Set<string>} drafts that wait for a decision */
    this.undecided = new Set();
    edits.onChange(() => this.#changed());
  }

  get changed() {
    return [...this.edits.drafts.values()].filter(
      (draft) => this.saved.get(draft.name) !== draft.cues && !this.undecided.has(draft.name),
    );
  }

  /** What the page knows to be in the file. @param {string} name */
  isInFile(name) {
    const draft = this.edits.drafts.get(name);
    if (draft) this.saved = new Map([...this.saved, [name, draft.cues]]);
  }

  /** Save `cues` as what a person decided, on top of the version that the conflict was with. @param {string} name */
  decided(name) {
    this.undecided.delete(name);
    this.#changed();
  }

  /** Now, not in a moment. */
  async flush() {
    clearTimeout(this.waiting);
    await this.#save();
  }

  #changed() {
    if (!this.changed.length) return;
    this.listener.onState("unsaved");
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.#save(), AFTER_MS);
  }

  async #save() {
    if (this.isSaving) return;
    this.isSaving = true;
    try {
      for (const draft of this.changed) {
        this.listener.onState("saving");
        this.savings += 1;
        const cues = draft.cues;
        const sent = cues.map(({ start, end, text }) => ({ start, end, text }));
        const { status, said } = await ask("PUT", `/api/drafts/${encodeURIComponent(draft.name)}`, {
          version: draft.version,
          reel: this.reel,
          cues: sent,
        });
        if (status === 409) {
          this.undecided.add(draft.name);
          this.listener.onState("conflict");
          this.listener.onConflict(draft.name, said);
          continue;
        }
        this.#taken(draft.name, cues, sent, said);
        this.listener.onAnswer(said);
      }
      if (!this.undecided.size) this.listener.onState("saved");
    } catch (error) {
      this.listener.onState("failed", error instanceof Error ? error.message : String(error));
      this.waiting = setTimeout(() => this.#save(), AGAIN_AFTER_MS);
    } finally {
      this.isSaving = false;
      if (this.changed.length && !this.undecided.size) this.#changed();
    }
  }

  /**
   * @param {string} name
   * @param {readonly SaidCue[]} cues as they were when they were sent
   * @param {SaidCue[]} sent
   * @param {{version: string, cues: SaidCue[]}} said
   */
  #taken(name, cues, sent, said) {
    this.saved = new Map([...this.saved, [name, /** @type {any} */ (cues)]]);
    const now = this.edits.drafts.get(name);
    const clean = (/** @type {string} */ text) =>
      text.normalize("NFC").split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
    const written = sent.map((one) => ({ ...one, text: clean(one.text) })).filter((one) => one.text);
    const same =
      written.length === said.cues.length &&
      written.every((one, at) => one.text === said.cues[at].text && Math.round(one.start) === said.cues[at].start && Math.round(one.end) === said.cues[at].end);
    if (same || now?.cues !== cues) {
      // Ours alone; or it goes on being typed, and what others wrote comes in with the next answer.
      this.edits.isSavedAs(name, said.version);
      return;
    }
    this.edits.takeFromFile(name, said.version, said.cues);
    this.isInFile(name);
  }
}
