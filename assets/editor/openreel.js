// @ts-check
/** One reel open on the page: its parts brought together, and kept as the files are. */

import { Acts } from "./acts.js";
import { Told, ask, ofReel } from "./asking.js";
import { ClipsPanel } from "./clips.js";
import { CueList, cueButtons } from "./cuelist.js";
import { decide, keys } from "./dialogs.js";
import { Edits } from "./edits.js";
import { Keyboard } from "./keyboard.js";
import { button, make } from "./making.js";
import { Player } from "./player.js";
import { Programme } from "./programme.js";
import { ReviewPanel } from "./review.js";
import { Saving } from "./saving.js";
import { Timeline } from "./timeline.js";
import { words } from "./words.js";

/** @typedef {import("./edits.js").Cue} Cue */
/** @typedef {import("./edits.js").Draft} Draft */

const MANY_CUES = 200;

const isComposing = () => document.activeElement instanceof HTMLTextAreaElement && Boolean(document.activeElement.dataset.composing);

export class OpenReel {
  /**
   * @param {any} opened as the server has told it
   * @param {(said: string) => void} told
   * @param {() => void} again shows the reel from the beginning
   */
  constructor(opened, told, again) {
    this.id = opened.id;
    this.told = told;
    this.again = again;
    this.edits = new Edits(opened.drafts);
    this.programme = opened.programme ? new Programme(opened.programme) : null;
    /** What had been seen on disk when the server answered last; `news` is what is to be seen now. */
    this.seen = opened.seen;
    /** @type {any} */
    this.news = null;
    /** What of the news was looked at, empty: nothing that counts. */
    this.looked = "";
    this.cutsByText = opened.cuts_by_text;
    /** How often the reel was asked for; only the last answer counts. */
    this.refreshes = 0;
    this.isLeft = false;
    /** Whether something must be looked at before the reel can be shown as it is cut now. */
    this.awaits = false;
    /** @type {{at: {clip: number, milliseconds: number}, seeks: number} | null} where the reel shall stand when it is shown anew */
    this.standing = null;
    /** Whether it would have to be listened to first, for which a person decides. */
    this.needsListening = false;
    /** @type {Promise<void>} the last question for the reel */
    this.latest = Promise.resolve();
    /** @type {Map<string, [number, number][]>} by draft, where somebody speaks in its footage */
    this.speech = new Map();
    /** The number of the job that makes the film; 0: nobody has asked. */
    this.filmIsAsked = 0;
    this.filmTag = "";
    this.acts = new Acts(this);
    this.keyboard = new Keyboard(this);
    this.player = new Player(`${ofReel(opened.id)}/frames`, opened.platforms, (frame) => this.#atFrame(frame), (why) => {
      told(why === "being-made" ? words.makingFilm : words.notPlayed);
      this.#film();
    });
    this.timeline = new Timeline({
      onSeek: (frame) => this.player.seek(frame),
      onSelect: (id) => this.select(id, { scroll: true }),
      onGrab: (id) => this.edits.find(id)?.cue ?? null,
      onDrag: (grabbed, id, edge, frames, going) => this.#drag(grabbed, id, edge, frames, going),
    });
    this.list = new CueList(this.edits, {
      onSelect: (id) => this.select(id, { seek: true }),
      onTyped: (id, text) => this.#typed(id, text),
      onKey: (event, id, field) => this.keyboard.inField(event, id, field),
      onTimes: (id, times) => this.edits.retime(id, times),
      isShown: (draft, cue) => this.stretchesOf(draft, cue).length > 0,
    });
    this.saving = new Saving(this.edits, opened.id, {
      onState: (state, said) => this.#state(state, said),
      isComposing,
      onAnswer: (answer) => this.#answered(answer),
      onRest: () => this.#catchUp(),
      onConflict: (name, answer) => this.#conflict(name, answer),
    });
    this.clips = new ClipsPanel(opened.id, this.edits, {
      onHere: (key) => this.acts.trimHere(key),
      looked: () => this.refresh(),
      told,
    });
    this.review = new ReviewPanel(opened.id, { before: () => this.clips.going.then(() => this.#saved()), changed: () => this.refresh(), told });
    this.state = make("output", { className: "state", "aria-live": "polite" });
    this.problem = make("p", { className: "problem error", role: "alert", hidden: true });
    this.ofFile = make("ul", { className: "of-file", "aria-label": words.ofFile, hidden: true });
    const only = make("input", { type: "checkbox", id: "only-shown", onchange: () => this.#only(only.checked) });
    const cues = opened.drafts.reduce((/** @type {number} */ sum, /** @type {any} */ draft) => sum + draft.cues.length, 0);
    only.checked = this.list.onlyShown = Boolean(this.programme) && cues > MANY_CUES;
    this.element = make(
      "main",
      { className: "reel" },
      this.player.element,
      make(
        "div",
        { className: "work" },
        make(
          "div",
          { className: "buttons", role: "toolbar", "aria-label": words.undo },
          button(words.undo, () => this.edits.undo(), { sign: "↶", key: "Ctrl+Z" }),
          button(words.redo, () => this.edits.redo(), { sign: "↷", key: "Ctrl+Shift+Z" }),
          button(words.find, () => this.acts.find(), { key: "Ctrl+F" }),
          button(words.help, keys, { sign: "?", key: "?" }),
          make("label", { className: "check" }, only, words.onlyShown),
          this.state,
        ),
        this.problem,
        this.ofFile,
        this.list.element,
        cueButtons(this.acts),
      ),
      make("div", { className: "aside" }, this.review.element, this.clips.element),
      this.timeline.element,
    );
    this.edits.onChange(() => this.#edited());
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.keyboard.onPage(event);
    document.addEventListener("keydown", this.onKey);
    this.#found(opened.findings);
    this.#problem(opened.problem ?? "");
    this.#offered(opened);
    this.review.show(opened);
    this.clips.show(opened.clips);
    if (this.programme) {
      this.timeline.programme = this.programme;
      this.player.show(this.programme);
      this.#film();
    }
    this.#edited();
    const [first] = this.list.rows;
    if (first) this.select(first.cue.id, {});
  }

  /** @returns {Promise<boolean>} whether everything that was typed is in the files */
  leave() {
    this.isLeft = true;
    document.removeEventListener("keydown", this.onKey);
    this.player.video.pause();
    this.review.flush();
    return this.#saved();
  }

  async #saved() {
    const isSaved = await this.saving.flush();
    if (!isSaved) this.told(words.unsaved);
    return isSaved;
  }

  /** @param {any} news */
  onNews(news) {
    this.review.follow(news.jobs);
    const film = news.jobs.filter((/** @type {any} */ one) => one.reel === this.id && one.kind === "play").at(-1);
    if (film && this.filmIsAsked && film.number >= this.filmIsAsked && ["done", "failed"].includes(film.state)) {
      this.filmIsAsked = 0;
      if (film.state === "done") this.#film();
    }
    this.news = news;
    const rendered = news.jobs.filter((/** @type {any} */ one) => one.reel === this.id && one.state === "done").length;
    if (rendered !== this.rendered && this.rendered !== undefined) this.refresh();
    else this.#catchUp();
    this.rendered = rendered;
  }

  /** Ask for the reel where something else is to be seen on disk than what stands here. */
  #catchUp() {
    // What is being saved is in the answer to it.
    if (!this.news || this.saving.isSaving) return;
    const { campaign, drafts, reviews } = this.news.seen;
    const ours = [...this.edits.drafts.values()];
    const looked = JSON.stringify([campaign, reviews[this.id], ours.map((draft) => drafts[draft.name])]);
    if (looked === this.looked) return;
    this.looked = looked;
    const isOld =
      campaign !== this.seen.campaign ||
      reviews[this.id] !== this.seen.reviews[this.id] ||
      ours.some((draft) => drafts[draft.name] !== undefined && drafts[draft.name] !== draft.version);
    if (isOld) this.refresh();
  }

  /** The reel as it is on disk now, under what is being typed. Done when the last answer that was asked for is here. */
  async refresh() {
    this.latest = this.#askAnew();
    for (let one; one !== this.latest; ) {
      one = this.latest;
      await one;
    }
  }

  async #askAnew() {
    // A letter that is being composed stands nowhere but in its field.
    if (isComposing()) {
      this.#refreshWhenComposed();
      return;
    }
    this.refreshes += 1;
    const mine = this.refreshes;
    try {
      const { savings } = this.saving;
      const { said: opened } = await ask("GET", ofReel(this.id));
      if (mine !== this.refreshes || this.isLeft) return;
      if (isComposing()) {
        this.#refreshWhenComposed();
        return;
      }
      // What was saved meanwhile is newer than this answer.
      if (this.saving.isSaving || this.saving.savings !== savings) {
        this.looked = "";
        return;
      }
      this.#took(opened);
      await this.#film();
    } catch (error) {
      this.looked = "";
      this.#problem(error instanceof Error ? error.message : String(error));
    }
  }

  #refreshWhenComposed() {
    document.activeElement?.addEventListener("compositionend", () => setTimeout(() => this.refresh()), { once: true });
  }

  /** Somebody gave the reel other clips or another language: shown from the beginning, as soon as nobody types. */
  #startAgain() {
    const field = document.activeElement;
    if (this.isLeft) return;
    const isTyped = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && !/^(range|checkbox)$/.test(field.type));
    if (isTyped && this.element.contains(field)) {
      this.told(words.changedElsewhere);
      field.addEventListener("blur", () => setTimeout(() => this.#startAgain()), { once: true });
    } else this.again();
  }

  /** @param {any} opened */
  #took(opened) {
    if (opened.drafts.map((/** @type {any} */ one) => one.name).join("\n") !== this.names.join("\n") && !this.saving.changed.length) {
      this.#startAgain();
      return;
    }
    this.seen = opened.seen;
    this.cutsByText = opened.cuts_by_text;
    this.review.show(opened);
    this.clips.show(opened.clips);
    for (const draft of opened.drafts) {
      const here = this.edits.drafts.get(draft.name);
      if (opened.programme) this.edits.isPlayedBy(draft.name, draft.clips);
      if (isComposing()) {
        if (here && here.version !== draft.version) this.#refreshWhenComposed();
        continue;
      }
      const isOurs = !here || here.version === draft.version || this.saving.changed.length || this.saving.undecided.size;
      if (isOurs) continue;
      const before = here.cues;
      this.edits.takeFromFile(draft.name, draft.version, draft.cues);
      this.saving.isInFile(draft.name);
      if (this.edits.drafts.get(draft.name)?.cues.some((cue, at) => cue !== before[at])) this.told(words.changedElsewhere);
    }
    this.#offered(opened);
    this.awaits = !opened.programme && !opened.problem;
    this.needsListening = opened.needs_listening;
    if (this.awaits && this.needsListening) this.#startAgain();
    this.#problem(opened.problem ?? (this.awaits ? `${words.waitsFor} ${opened.waits_for.join(", ")}` : ""));
    this.#found(opened.findings);
    if (opened.programme) {
      this.programme = new Programme(opened.programme);
      this.timeline.programme = this.programme;
      this.player.show(this.programme);
      if (this.standing?.seeks === this.player.seeks) this.player.seek(this.programme.frameOf(this.standing.at));
      this.standing = null;
    }
    this.#edited();
  }

  /** What stands in the way of drawing the reel; empty: nothing. @param {string} said */
  #problem(said) {
    this.problem.textContent = said;
    this.problem.hidden = !said;
  }

  /** What may stand in place of what stands there, and what was left out. @param {any} opened */
  #offered(opened) {
    this.speech = new Map(opened.drafts.map((/** @type {any} */ draft) => [draft.name, draft.speech]));
    this.list.terms = opened.drafts.flatMap((/** @type {any} */ draft) =>
      draft.terms.map((/** @type {any} */ term) => ({ ...term, draft: draft.name })),
    );
    const restore = (/** @type {string} */ name, /** @type {any[]} */ cues) => {
      const ids = cues.map((cue) => this.edits.insert(name, cue.start, cue.end, cue.text));
      if (ids.length) this.select(ids[0], { scroll: true });
    };
    this.review.offer(
      opened.drafts.flatMap((/** @type {any} */ draft) =>
        draft.not_believed.map((/** @type {any} */ one) => ({ ...one, restore: () => restore(draft.name, one.cues) })),
      ),
    );
  }

  // --- what is shown ---

  /** What a reel is by an edit of it that was saved. @param {{reel: any, problem: string | null}} answer */
  #answered(answer) {
    if (!answer.reel) {
      this.#problem(answer.problem ?? "");
      return;
    }
    const before = JSON.stringify(this.programme?.said.spans);
    this.#took(answer.reel);
    // Words change nothing of the film, for it has no subtitles; what they cut does.
    if (this.awaits || JSON.stringify(this.programme?.said.spans) !== before) this.#film();
  }

  /** @param {any[]} findings */
  #found(findings) {
    this.list.findings = findings;
    const ofFile = findings.filter((one) => one.at === null);
    this.ofFile.replaceChildren(...ofFile.map((one) => make("li", { className: one.severity }, `${one.where}: ${one.found} → ${one.expected}`)));
    this.ofFile.hidden = !ofFile.length;
  }

  #edited() {
    this.list.update();
    this.#blocks();
  }

  #blocks() {
    const { selected } = this.list;
    this.timeline.blocks = [...this.edits.drafts.values()].flatMap((draft) =>
      draft.cues.flatMap((cue) =>
        this.stretchesOf(draft, cue).map((stretch) => ({ id: cue.id, text: cue.text, stretch, isSelected: cue.id === selected })),
      ),
    );
    this.timeline.speech = [...this.edits.drafts.values()].flatMap((draft) =>
      (this.speech.get(draft.name) ?? []).flatMap(([start, end]) => this.programme?.stretches(draft.clips, start, end) ?? []),
    );
    this.timeline.draw();
  }

  /** @param {Draft} draft @param {Cue} cue */
  stretchesOf(draft, cue) {
    return this.programme ? this.programme.stretches(draft.clips, cue.start, cue.end) : [];
  }

  /**
   * Stand at a time of a clip's footage in the next programme, unless somebody wants to look elsewhere by then.
   * @param {{clip: number, milliseconds: number}} at
   */
  standAt(at) {
    this.standing = { at, seeks: this.player.seeks };
  }

  /** @param {number} frame */
  #atFrame(frame) {
    this.timeline?.at(frame);
  }

  /** The film to play, or the order to make it. */
  async #film() {
    if (!this.programme || (this.awaits && this.needsListening)) return;
    try {
      const answer = await fetch(`${ofReel(this.id)}/film`, { method: "HEAD" });
      if (answer.status === 200) {
        const tag = encodeURIComponent(answer.headers.get("etag") ?? "");
        if (tag === this.filmTag) return;
        this.filmTag = tag;
        this.player.film(`${ofReel(this.id)}/film?v=${tag}`);
        const loud = await fetch(`${ofReel(this.id)}/loudness`);
        if (loud.status === 200) this.timeline.loudness = new Uint8Array(await loud.arrayBuffer());
        this.timeline.draw();
      } else if (answer.status === 202 && !this.filmIsAsked) {
        const { said } = await ask("POST", `${ofReel(this.id)}/play`);
        this.filmIsAsked = said.job;
      }
    } catch (error) {
      this.told(error instanceof Told ? error.message : words.offline);
    }
  }

  /** @param {string} state @param {string} [said] */
  #state(state, said) {
    this.state.textContent = state === "saved" ? words.saved : state === "saving" ? words.saving : state === "failed" ? `${words.unsaved}: ${said}` : state === "conflict" ? words.conflict : "…";
    this.state.className = `state ${state}`;
  }

  // --- edits ---

  /** @param {number} id @param {{seek?: boolean, scroll?: boolean}} how */
  select(id, how) {
    const isNew = this.list.selected !== id;
    this.list.select(id, { scroll: how.scroll ?? false });
    if (!isNew) return;
    this.#blocks();
    const found = this.edits.find(id);
    const [stretch] = found ? this.stretchesOf(found.draft, found.cue) : [];
    if (how.seek && stretch && !this.player.isPlaying) this.player.seek(Math.ceil(stretch[0]));
  }

  /** @param {number} id @param {string} text */
  #typed(id, text) {
    this.edits.type(id, text, Date.now());
    this.showTyped(id, text);
  }

  /** @param {number} id @param {string} text */
  showTyped(id, text) {
    const found = this.edits.find(id);
    if (!found || !this.programme) return;
    this.player.show(this.programme.withTyped(this.stretchesOf(found.draft, found.cue), text), { exact: false });
  }

  /**
   * @param {{start: number, end: number}} grabbed the cue as it was when it was taken hold of
   * @param {number} id
   * @param {"start" | "end" | "both"} edge
   * @param {number} frames from there
   * @param {boolean} going whether this drag has moved it before
   * @returns {boolean} whether it was moved
   */
  #drag(grabbed, id, edge, frames, going) {
    if (!this.programme) return false;
    const by = Math.max(this.programme.millisecondsOf(frames), edge === "end" ? -Infinity : -grabbed.start);
    const start = edge === "end" ? grabbed.start : grabbed.start + by;
    const end = edge === "start" ? grabbed.end : grabbed.end + by;
    return this.edits.retime(id, { start, end }, { going });
  }

  /** @param {boolean} only */
  #only(only) {
    this.list.onlyShown = only;
    this.list.update();
  }

  get names() {
    return [...this.edits.drafts.keys()];
  }

  /** @param {string} name @param {{version: string, cues: any[], conflicts: any[], kept: string}} answer */
  #conflict(name, answer) {
    const mine = this.edits.drafts.get(name);
    if (!mine) return;
    decide(answer.conflicts, (chosen) => {
      const key = (/** @type {any} */ cue) => `${cue.start} ${cue.end} ${cue.text}`;
      // With all that is no conflict from both sides already, and theirs where there is one.
      let cues = [...answer.cues];
      answer.conflicts.forEach((conflict, at) => {
        if (chosen[at] !== "mine") return;
        const theirs = new Set(conflict.theirs.map(key));
        cues = [...cues.filter((cue) => !theirs.has(key(cue))), ...conflict.mine];
      });
      cues.sort((a, b) => a.start - b.start || a.end - b.end);
      this.edits.takeFromFile(name, answer.version, cues);
      this.saving.decided(name, answer.kept);
    });
  }
}
