// @ts-check
/** The cues of an open reel as a list in which they are typed. Of fifteen hundred only those that are seen are made. */

import { isMarked } from "./edits.js";
import { button, clock, make, milliseconds } from "./making.js";
import { words } from "./words.js";

/** @typedef {import("./edits.js").Cue} Cue */
/** @typedef {import("./edits.js").Draft} Draft */
/** @typedef {import("./edits.js").Edits} Edits */
/** @typedef {{rule: string, severity: string, draft: string | null, at: number | null, found: string, expected: string}} Finding */
/** @typedef {{draft: Draft, cue: Cue, number: number, isShown: boolean}} Row */

const ROW_PX = 176;
const BESIDE = 4;

export class CueList {
  /**
   * @param {Edits} edits
   * @param {{onSelect: (id: number) => void, onTyped: (id: number, text: string) => void,
   *   onKey: (event: KeyboardEvent, id: number, field: HTMLTextAreaElement) => void,
   *   onTimes: (id: number, times: {start?: number, end?: number}) => void,
   *   isShown: (draft: Draft, cue: Cue) => boolean}} listener
   */
  constructor(edits, listener) {
    this.edits = edits;
    this.listener = listener;
    this.selected = 0;
    this.onlyShown = false;
    /** @type {Finding[]} */
    this.findings = [];
    /** @type {{draft: string, at: number, found: string, put: string}[]} */
    this.terms = [];
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Map<number, {element: HTMLElement, field: HTMLTextAreaElement, row: Row, drawn: string}>} */
    this.made = new Map();
    this.inner = make("div", { className: "rows", role: "list" });
    this.element = make("div", { className: "cuelist", "aria-label": words.cues, role: "region" }, this.inner);
    this.element.addEventListener("scroll", () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  /** What the list is of, as it is now. */
  update() {
    this.rows = [...this.edits.drafts.values()].flatMap((draft) =>
      draft.cues.map((cue, at) => ({ draft, cue, number: at + 1, isShown: this.listener.isShown(draft, cue) })),
    );
    if (this.onlyShown) this.rows = this.rows.filter((row) => row.isShown || row.cue.id === this.selected);
    this.inner.style.height = `${this.rows.length * ROW_PX}px`;
    this.#draw();
  }

  /** @param {number} id @param {{scroll?: boolean}} [how] */
  select(id, how = {}) {
    if (this.selected === id && how.scroll === false) return;
    this.selected = id;
    const at = this.rows.findIndex((row) => row.cue.id === id);
    if (at >= 0 && how.scroll !== false) {
      const [top, foot] = [at * ROW_PX, (at + 1) * ROW_PX];
      const { scrollTop, clientHeight } = this.element;
      if (top < scrollTop || foot > scrollTop + clientHeight) {
        this.element.scrollTop = Math.max(0, top - (clientHeight - ROW_PX) / 2);
      }
    }
    this.#draw();
  }

  /** The cue before or behind the one that is selected. @param {number} by @returns {Row | undefined} */
  beside(by) {
    const at = this.rows.findIndex((row) => row.cue.id === this.selected);
    return this.rows[Math.min(this.rows.length - 1, Math.max(0, at + by))];
  }

  /** Begin to type in a cue. @param {number} id @param {number} [caret] */
  edit(id, caret) {
    this.select(id);
    const field = this.made.get(id)?.field;
    if (!field) return;
    field.focus();
    if (caret !== undefined) field.setSelectionRange(caret, caret);
  }

  #draw() {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW_PX) - BESIDE);
    const last = Math.min(this.rows.length, Math.ceil((scrollTop + clientHeight) / ROW_PX) + BESIDE);
    /** @type {Set<number>} */
    const seen = new Set();
    for (let at = first; at < last; at += 1) {
      const row = this.rows[at];
      seen.add(row.cue.id);
      const made = this.made.get(row.cue.id) ?? this.#make(row);
      made.element.style.transform = `translateY(${at * ROW_PX}px)`;
      made.element.setAttribute("aria-posinset", String(at + 1));
      made.element.setAttribute("aria-setsize", String(this.rows.length));
      this.#fill(made, row);
    }
    for (const [id, made] of this.made) {
      if (seen.has(id)) continue;
      // Who is typing is not taken the field away from, wherever the list has gone; unless the cue itself is gone.
      if (made.field === document.activeElement && this.rows.some((row) => row.cue.id === id)) continue;
      made.element.remove();
      this.made.delete(id);
    }
  }

  /** @param {Row} row */
  #make(row) {
    const { id } = row.cue;
    const { listener } = this;
    const field = make("textarea", {
      rows: 2,
      spellcheck: false,
      lang: row.draft.language,
      onfocus: () => listener.onSelect(id),
      oninput: () => listener.onTyped(id, field.value),
      oncompositionstart: () => (field.dataset.composing = "yes"),
      oncompositionend: () => delete field.dataset.composing,
      onkeydown: (/** @type {KeyboardEvent} */ event) => listener.onKey(event, id, field),
    });
    const time = (/** @type {"start" | "end"} */ which, /** @type {string} */ name) =>
      make("input", {
        className: `time ${which}`,
        inputMode: "decimal",
        "aria-label": name,
        onfocus: () => listener.onSelect(id),
        onchange: (/** @type {Event} */ event) => {
          const input = /** @type {HTMLInputElement} */ (event.target);
          const at = milliseconds(input.value);
          if (at !== null) listener.onTimes(id, { [which]: at });
          this.made.get(id)?.drawn && (/** @type {any} */ (this.made.get(id)).drawn = "");
          this.update();
        },
      });
    const element = make(
      "div",
      { className: "row", role: "listitem", onpointerdown: () => listener.onSelect(id) },
      make("div", { className: "times" }, make("span", { className: "number" }), time("start", words.starts), time("end", words.ends), make("span", { className: "pace" })),
      field,
      make("p", { className: "findings" }),
    );
    // The order of the document is the order of the keys, though rows come and go while the list moves.
    const behind = [...this.made.values()].find((one) => this.#placeOf(one.row) > this.#placeOf(row));
    this.inner.insertBefore(element, behind?.element ?? null);
    const made = { element, field, row, drawn: "" };
    this.made.set(id, made);
    return made;
  }

  /** @param {Row} row */
  #placeOf(row) {
    return this.rows.findIndex((one) => one.cue.id === row.cue.id);
  }

  /** @param {{element: HTMLElement, field: HTMLTextAreaElement, row: Row, drawn: string}} made @param {Row} row */
  #fill(made, row) {
    const { cue } = row;
    made.row = row;
    const findings = this.findings.filter((one) => one.draft === row.draft.name && one.at === cue.start);
    const terms = this.terms.filter((one) => one.draft === row.draft.name && one.at === cue.start && cue.text.includes(one.found));
    const isSelected = cue.id === this.selected;
    const drawn = JSON.stringify([cue, row.number, row.isShown, isSelected, findings, terms]);
    if (made.drawn === drawn) return;
    made.drawn = drawn;
    const { element, field } = made;
    const named = words.cue(row.number, clock(cue.start), clock(cue.end));
    element.classList.toggle("selected", isSelected);
    element.classList.toggle("away", !row.isShown);
    element.classList.toggle("marked", isMarked(cue.text));
    element.setAttribute("aria-label", row.isShown ? named : `${named}, ${words.notShown}`);
    if (isSelected) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
    field.setAttribute("aria-label", named);
    // What is being composed stands only in the field: to write there would double or lose a letter.
    if (field.value !== cue.text && field !== document.activeElement) field.value = cue.text;
    else if (field.value !== cue.text && !field.dataset.composing) field.value = cue.text;
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    part(".number").textContent = String(row.number);
    for (const [which, at] of /** @type {[string, number][]} */ ([["start", cue.start], ["end", cue.end]])) {
      const input = /** @type {HTMLInputElement} */ (part(`.${which}`));
      if (input !== document.activeElement) input.value = clock(at);
    }
    const pace = said(cue.text) / Math.max(0.001, (cue.end - cue.start) / 1000);
    part(".pace").textContent = words.aSecond(pace.toFixed(1));
    const offered = (/** @type {{found: string, put: string}} */ { found, put }) =>
      make("button", {
        type: "button",
        className: "term",
        "aria-label": words.termOf(found, put),
        onclick: () => this.listener.onTyped(cue.id, cue.text.split(found).join(put)),
      }, words.useTerm(found, put));
    part(".findings").replaceChildren(
      ...terms.map(offered),
      ...findings.filter((one) => !terms.length || one.rule !== "cue.glossary").map((one) => make("span", { className: one.severity }, `${one.found} → ${one.expected}`)),
      ...(row.isShown ? [] : [make("span", { className: "info" }, words.notShown)]),
    );
  }
}

/** How much is read: a syllable is one, a letter or digit a half. @param {string} text */
function said(text) {
  let units = 0;
  for (const sign of text) {
    if (/\s/.test(sign)) continue;
    units += /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/.test(sign) ? 1 : 0.5;
  }
  return units;
}

/** Buttons for the cue that is selected. @param {import("./acts.js").Acts} acts */
export function cueButtons(acts) {
  return make(
    "div",
    { className: "buttons", role: "toolbar", "aria-label": words.cues },
    button(words.playCue, () => acts.playCue(false), { key: "P" }),
    button(words.loopCue, () => acts.playCue(true), { key: "L" }),
    button(words.split, () => acts.split(), { key: "S" }),
    button(words.merge, () => acts.merge(), { key: "M" }),
    button(words.insert, () => acts.insert(), { key: "N" }),
    button(words.remove, () => acts.remove(), { key: "Delete" }),
    button(words.mark, () => acts.mark(), { key: "X" }),
  );
}
