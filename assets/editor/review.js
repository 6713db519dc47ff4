// @ts-check
/** What is said of a reel as a whole: a note, the approval, and the order to render. */

import { ask, ofReel } from "./asking.js";
import { button, clock, make } from "./making.js";
import { words } from "./words.js";

const AFTER_MS = 500;
const AGAIN_AFTER_MS = 3000;
const NAME = "reels-name";

export class ReviewPanel {
  /** @param {string} reel @param {{before: () => Promise<boolean>, changed: () => void, told: (said: string) => void}} listener */
  constructor(reel, listener) {
    this.reel = reel;
    this.listener = listener;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    /** @type {string | null} the note that was typed and is not kept yet */
    this.unkept = null;
    this.note = make("textarea", { id: "note", rows: 3, oninput: () => this.#noted() });
    this.name = make("input", { type: "text", id: "name", autocomplete: "name", value: localStorage.getItem(NAME) ?? "" });
    this.said = make("p", { className: "approval" });
    this.approve = button(words.approve, () => this.#approve(), { className: "main" });
    this.takeBack = button(words.takeBack, () => this.#takeBack());
    this.progress = make("progress", { max: 1, value: 0, hidden: true, "aria-label": words.rendering });
    this.doing = make("p", { className: "doing", role: "status" });
    this.render = button(words.render, () => this.#render(), { className: "main" });
    this.finished = make("ul", { className: "finished", "aria-label": words.finished });
    this.left = make("ul", { className: "left-out" });
    this.leftOut = make("details", { hidden: true }, make("summary", {}, words.notBelieved), this.left);
    this.element = make(
      "section",
      { className: "review", "aria-label": words.approval },
      make("label", { for: "note" }, words.note),
      this.note,
      make("label", { for: "name" }, words.yourName),
      this.name,
      this.said,
      make("div", { className: "buttons" }, this.approve, this.takeBack, this.render),
      this.progress,
      this.doing,
      this.finished,
      this.leftOut,
    );
  }

  /** What was heard and not believed. @param {{text: string, why: string, cues: {start: number}[], restore: () => void}[]} stretches */
  offer(stretches) {
    this.leftOut.hidden = !stretches.length;
    this.left.replaceChildren(
      ...stretches.map((one) =>
        make(
          "li",
          {},
          make("small", {}, clock(one.cues[0].start)),
          make("span", { className: "said" }, one.text),
          make("small", {}, one.why),
          button(words.restore, one.restore),
        ),
      ),
    );
  }

  /**
   * @param {{note: string, approval: {by: string, at: string, approved: "yes" | "ended" | "unseen"} | null,
   *   handed_over: {platform: string, file: string, findings: {rule: string, severity: string, found: string, expected: string}[]}[]}} opened
   */
  show(opened) {
    // What was typed and is not kept yet is newer.
    if (this.note !== document.activeElement && this.unkept === null) this.note.value = opened.note;
    const { approval } = opened;
    const at = approval ? new Date(approval.at).toLocaleString() : "";
    this.said.textContent = !approval ? "" : { yes: words.approvedBy, ended: words.approvalEnded, unseen: words.approvalUnseen }[approval.approved](approval.by, at);
    this.said.classList.toggle("stands", approval?.approved === "yes");
    this.takeBack.hidden = !approval;
    this.finished.replaceChildren(
      ...opened.handed_over.map((film) =>
        make(
          "li",
          {},
          make("strong", {}, film.platform),
          make("code", {}, film.file),
          ...film.findings.map((one) => make("span", { className: one.severity }, `${one.rule}: ${one.found} → ${one.expected}`)),
        ),
      ),
    );
  }

  /** @param {{kind: string, reel: string, state: string, share: number, doing: string, error: string | null}[]} jobs */
  follow(jobs) {
    const job = jobs.filter((one) => one.reel === this.reel).at(-1);
    const isGoing = Boolean(job && ["waiting", "working"].includes(job.state));
    this.progress.hidden = !isGoing;
    this.progress.value = job?.share ?? 0;
    this.render.disabled = isGoing && job?.kind === "render";
    this.doing.textContent = !job ? "" : job.error ?? (isGoing ? `${job.doing} ${Math.round(job.share * 100)}%` : job.kind === "render" ? words.rendered : "");
    this.doing.classList.toggle("error", Boolean(job?.error));
  }

  #noted() {
    this.unkept = this.note.value;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.flush(), AFTER_MS);
  }

  /** Keep the note now. */
  async flush() {
    clearTimeout(this.waiting);
    const note = this.unkept;
    if (note === null) return;
    try {
      await ask("PUT", `${ofReel(this.reel)}/note`, { note });
      if (this.unkept === note) this.unkept = null;
    } catch (error) {
      this.listener.told(error instanceof Error ? error.message : String(error));
      this.waiting = setTimeout(() => this.flush(), AGAIN_AFTER_MS);
    }
  }

  async #approve() {
    localStorage.setItem(NAME, this.name.value);
    if (!this.name.value.trim()) {
      this.name.focus();
      return;
    }
    await this.flush();
    if (!(await this.listener.before())) return;
    await this.#act(() => ask("POST", `${ofReel(this.reel)}/approval`, { by: this.name.value.trim() }));
    this.listener.changed();
  }

  async #takeBack() {
    await this.#act(() => ask("DELETE", `${ofReel(this.reel)}/approval`));
    this.listener.changed();
  }

  async #render() {
    if (!(await this.listener.before())) return;
    await this.#act(() => ask("POST", `${ofReel(this.reel)}/render`));
  }

  /** @param {() => Promise<unknown>} act */
  async #act(act) {
    try {
      await act();
    } catch (error) {
      this.listener.told(error instanceof Error ? error.message : String(error));
    }
  }
}
