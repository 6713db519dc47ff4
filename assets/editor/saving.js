// @ts-check
/**
 * Every edit goes to the file by itself, a moment after it was made. What the file says of an edit comes back as what
 * stands there: together with others' edits, or as a conflict that a person decides.
 *
 * Each edit that is sent has a name. What is sent next begins at it, also where its answer never came: so nobody's edit,
 * and least of all one's own, is taken for somebody else's.
 */

import { ask } from "./asking.js";
import { cleaned } from "./edits.js";

/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {"saved" | "unsaved" | "saving" | "conflict" | "failed"} State */
/** @typedef {{start: number, end: number, text: string}} SaidCue */
/** @typedef {{base: SaidCue[], mine: SaidCue[], theirs: SaidCue[]}} Conflict */
/** @typedef {{version: string, cues: SaidCue[], conflicts: Conflict[], kept: string}} ConflictAnswer */

const AFTER_MS = 250;
const AT_MOST_MS = 600;
const AGAIN_AFTER_MS = 2000;

const page = crypto.randomUUID();
let edits = 0;

/** @type {Set<Saving>} those with something that is in no file yet */
const unsaved = new Set();

/** Whether anything that was typed on this page is in no file yet. */
export const anythingUnsaved = () => unsaved.size > 0;

export class Saving {
  /**
   * @param {Edits} edits
   * @param {string} reel
   * @param {{onState: (state: State, said?: string) => void,
   *   onAnswer: (answer: {reel: any, problem: string | null}) => void,
   *   onRest: () => void,
   *   isComposing: () => boolean,
   *   onConflict: (name: string, answer: ConflictAnswer) => void}} listener
   */
  constructor(edits, reel, listener) {
    this.edits = edits;
    this.reel = reel;
    this.listener = listener;
    this.saved = edits.texts;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    /** When the first edit was made that is in no file yet. */
    this.since = 0;
    /** @type {Promise<boolean> | null} */
    this.going = null;
    /** How often something was saved. */
    this.savings = 0;
    /** @type {Set<string>} drafts that wait for a decision */
    this.undecided = new Set();
    /** @type {Map<string, string>} by draft, the edit that was sent and not answered */
    this.unanswered = new Map();
    /** @type {Map<string, string>} by draft, the file of the edit that the next one decides about */
    this.decides = new Map();
    edits.onChange(() => this.#changed());
  }

  get isSaving() {
    return this.going !== null;
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
    this.#noted();
  }

  /** Save what a person has decided, on top of the version that the conflict was with. @param {string} name @param {string} kept */
  decided(name, kept) {
    this.undecided.delete(name);
    this.decides.set(name, kept);
    this.#changed();
  }

  /** Everything now, and not in a moment. @returns {Promise<boolean>} whether it is in the file */
  async flush() {
    clearTimeout(this.waiting);
    for (;;) {
      if (this.undecided.size) return false;
      if (this.going) {
        if (!(await this.going)) return false;
      } else if (!this.changed.length) return true;
      else if (!(await this.#save())) return false;
    }
  }

  #noted() {
    if (this.changed.length || this.undecided.size) unsaved.add(this);
    else unsaved.delete(this);
  }

  #changed() {
    this.#noted();
    if (!this.changed.length || this.going) return;
    this.listener.onState("unsaved");
    const now = Date.now();
    this.since ||= now;
    clearTimeout(this.waiting);
    // Whoever types without a pause is saved meanwhile.
    this.waiting = setTimeout(() => this.#save(), Math.max(0, Math.min(AFTER_MS, this.since + AT_MOST_MS - now)));
  }

  #save() {
    this.going ??= this.#saveAll().finally(() => {
      this.going = null;
    });
    return this.going.then((isSaved) => {
      if (isSaved) this.#changed();
      this.listener.onRest();
      return isSaved;
    });
  }

  /** @returns {Promise<boolean>} */
  async #saveAll() {
    clearTimeout(this.waiting);
    this.since = 0;
    try {
      for (const draft of this.changed) {
        this.listener.onState("saving");
        this.savings += 1;
        await this.#saveOne(draft.name);
      }
    } catch (error) {
      this.listener.onState("failed", error instanceof Error ? error.message : String(error));
      this.waiting = setTimeout(() => this.#save(), AGAIN_AFTER_MS);
      return false;
    }
    this.#noted();
    if (this.undecided.size) this.listener.onState("conflict");
    else this.listener.onState(this.changed.length ? "unsaved" : "saved");
    return true;
  }

  /** @param {string} name */
  async #saveOne(name) {
    const draft = this.edits.drafts.get(name);
    if (!draft) return;
    const { cues, version } = draft;
    const edit = `${page}-${++edits}`;
    const perhaps = this.unanswered.get(name) ?? "";
    this.unanswered.set(name, edit);
    const { status, said } = await ask("PUT", `/api/drafts/${encodeURIComponent(name)}`, {
      edit,
      version,
      perhaps,
      decides: this.decides.get(name) ?? "",
      reel: this.reel,
      cues: cues.map(({ start, end, text }) => ({ start, end, text })),
    });
    this.unanswered.delete(name);
    if (status === 409) {
      this.undecided.add(name);
      this.listener.onConflict(name, said);
      return;
    }
    this.decides.delete(name);
    this.#taken(name, cues, edit, said);
    this.listener.onAnswer(said);
  }

  /**
   * @param {string} name
   * @param {readonly import("./edits.js").Cue[]} cues as they were when they were sent
   * @param {string} edit
   * @param {{version: string, cues: SaidCue[]}} said
   */
  #taken(name, cues, edit, said) {
    const now = this.edits.drafts.get(name);
    const written = cues.map((one) => ({ ...one, text: cleaned(one.text) })).filter((one) => one.text);
    const same =
      written.length === said.cues.length &&
      written.every((one, at) => {
        const there = said.cues[at];
        return one.text === there.text && Math.round(one.start) === there.start && Math.round(one.end) === there.end;
      });
    this.saved = new Map([...this.saved, [name, cues]]);
    if (same) this.edits.isSavedAs(name, said.version);
    // It goes on being typed: the next edit begins at this one, and what others wrote comes in when it rests.
    else if (now?.cues !== cues || this.listener.isComposing()) this.edits.isSavedAs(name, edit);
    else {
      this.edits.takeFromFile(name, said.version, said.cues);
      this.isInFile(name);
    }
  }
}
