// @ts-check
/** One reel open on the page: its parts brought together, and the keys. */

import { ask, ofReel } from "./asking.js";
import { ClipsPanel } from "./clips.js";
import { CueList, cueButtons } from "./cuelist.js";
import { decide, findAndReplace, keys } from "./dialogs.js";
import { Edits, isMarked, markedOrNot } from "./edits.js";
import { button, make } from "./making.js";
import { Player } from "./player.js";
import { Programme } from "./programme.js";
import { ReviewPanel } from "./review.js";
import { Saving } from "./saving.js";
import { Timeline } from "./timeline.js";
import { words } from "./words.js";

/** @typedef {import("./edits.js").Cue} Cue */
/** @typedef {import("./edits.js").Draft} Draft */

const NEW_CUE_MS = 1500;
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
    this.trimming = Promise.resolve();
    /** How often the reel was asked for; only the last answer counts. */
    this.refreshes = 0;
    this.isLeft = false;
    /** Whether something must be looked at before the reel can be shown as it is cut now. */
    this.awaits = false;
    /** @type {Map<string, [number, number][]>} by draft, where somebody speaks in its footage */
    this.speech = new Map();
    /** The number of the job that makes the film; 0: nobody has asked. */
    this.filmIsAsked = 0;
    this.filmTag = "";
    this.player = new Player(`${ofReel(opened.id)}/frames`, opened.platforms, (frame) => this.#atFrame(frame), () => told(words.makingFilm));
    this.timeline = new Timeline({
      onSeek: (frame) => this.player.seek(frame),
      onSelect: (id) => this.#select(id, { scroll: true }),
      onGrab: (id) => this.edits.find(id)?.cue ?? null,
      onDrag: (grabbed, id, edge, frames, going) => this.#drag(grabbed, id, edge, frames, going),
    });
    this.list = new CueList(this.edits, {
      onSelect: (id) => this.#select(id, { seek: true }),
      onTyped: (id, text) => this.#typed(id, text),
      onKey: (event, id, field) => this.#keyInField(event, id, field),
      onTimes: (id, times) => this.edits.retime(id, times),
      isShown: (draft, cue) => this.#stretchesOf(draft, cue).length > 0,
    });
    this.saving = new Saving(this.edits, opened.id, {
      onState: (state, said) => this.#state(state, said),
      isComposing,
      onAnswer: (answer) => this.#answered(answer),
      onRest: () => this.#catchUp(),
      onConflict: (name, answer) => this.#conflict(name, answer),
    });
    this.clips = new ClipsPanel({
      onHere: (key) => this.#trimHere(key),
      onWritten: (number, clip, key, point) => this.#trim(number, clip, key, { point }),
    });
    this.review = new ReviewPanel(opened.id, { before: () => this.#saved(), changed: () => this.refresh(), told });
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
          button(words.find, () => this.#find(), { key: "Ctrl+F" }),
          button(words.help, keys, { sign: "?", key: "?" }),
          make("label", { className: "check" }, only, words.onlyShown),
          this.state,
        ),
        this.problem,
        this.ofFile,
        this.list.element,
        cueButtons({
          playCue: () => this.#playCue(false),
          loopCue: () => this.#playCue(true),
          split: () => this.#split(),
          merge: () => this.edits.merge(this.list.selected),
          insert: () => this.#insert(),
          remove: () => this.#remove(),
          mark: () => this.#mark(),
        }),
      ),
      make("div", { className: "aside" }, this.review.element, this.clips.element),
      this.timeline.element,
    );
    this.edits.onChange(() => this.#edited());
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.#key(event);
    document.addEventListener("keydown", this.onKey);
    this.#found(opened.findings);
    this.#problem(opened.problem ?? "");
    this.#offered(opened);
    this.review.show(opened);
    this.clips.show(opened.clips);
    if (this.programme) {
      this.timeline.programme = this.programme;
      this.player.show(this.programme);
      this.#film().catch((error) => told(error.message));
    }
    this.#edited();
    const [first] = this.list.rows;
    if (first) this.#select(first.cue.id, {});
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

  /** The reel as it is on disk now, under what is being typed. */
  async refresh() {
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
    if (field instanceof HTMLElement && this.element.contains(field) && /^(input|textarea)$/i.test(field.tagName)) {
      field.addEventListener("blur", () => setTimeout(() => this.#startAgain()), { once: true });
    } else this.again();
  }

  /** @param {any} opened */
  #took(opened) {
    if (opened.drafts.map((/** @type {any} */ one) => one.name).join("\n") !== this.#names.join("\n") && !this.saving.changed.length) {
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
    this.#problem(opened.problem ?? (this.awaits ? `${words.waitsFor} ${opened.waits_for.join(", ")}` : ""));
    this.#found(opened.findings);
    if (opened.programme) {
      this.programme = new Programme(opened.programme);
      this.timeline.programme = this.programme;
      this.player.show(this.programme);
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
      if (ids.length) this.#select(ids[0], { scroll: true });
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
    if (JSON.stringify(this.programme?.said.spans) !== before) this.#film().catch((error) => this.told(error.message));
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
        this.#stretchesOf(draft, cue).map((stretch) => ({ id: cue.id, text: cue.text, stretch, isSelected: cue.id === selected })),
      ),
    );
    this.timeline.speech = [...this.edits.drafts.values()].flatMap((draft) =>
      (this.speech.get(draft.name) ?? []).flatMap(([start, end]) => this.programme?.stretches(draft.clips, start, end) ?? []),
    );
    this.timeline.draw();
  }

  /** @param {Draft} draft @param {Cue} cue */
  #stretchesOf(draft, cue) {
    return this.programme ? this.programme.stretches(draft.clips, cue.start, cue.end) : [];
  }

  /** @param {number} frame */
  #atFrame(frame) {
    this.timeline?.at(frame);
  }

  async #film() {
    if (!this.programme) return;
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
  }

  /** @param {string} state @param {string} [said] */
  #state(state, said) {
    this.state.textContent = state === "saved" ? words.saved : state === "saving" ? words.saving : state === "failed" ? `${words.unsaved}: ${said}` : state === "conflict" ? words.conflict : "…";
    this.state.className = `state ${state}`;
  }

  // --- edits ---

  /** @param {number} id @param {{seek?: boolean, scroll?: boolean}} how */
  #select(id, how) {
    const isNew = this.list.selected !== id;
    this.list.select(id, { scroll: how.scroll ?? false });
    if (!isNew) return;
    this.#blocks();
    const found = this.edits.find(id);
    const [stretch] = found ? this.#stretchesOf(found.draft, found.cue) : [];
    if (how.seek && stretch && !this.player.isPlaying) this.player.seek(Math.ceil(stretch[0]));
  }

  /** @param {number} id @param {string} text */
  #typed(id, text) {
    this.edits.type(id, text, Date.now());
    this.#showTyped(id, text);
  }

  /** @param {number} id @param {string} text */
  #showTyped(id, text) {
    const found = this.edits.find(id);
    if (!found || !this.programme) return;
    this.player.show(this.programme.withTyped(this.#stretchesOf(found.draft, found.cue), text), { exact: false });
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

  #selected() {
    return this.edits.find(this.list.selected);
  }

  /** @param {boolean} loops */
  #playCue(loops) {
    const found = this.#selected();
    const [stretch] = found ? this.#stretchesOf(found.draft, found.cue) : [];
    if (stretch) this.player.playStretch(stretch, loops);
  }

  /** Where the programme stands, as a time of the footage of `draft`. @param {Draft} draft */
  #now(draft) {
    const at = this.programme?.sourceAt(this.player.frame);
    return at && draft.clips.includes(at.clip) ? at.milliseconds : null;
  }

  #split() {
    const found = this.#selected();
    if (!found) return;
    const now = this.#now(found.draft);
    const { start, end, text } = found.cue;
    const isInside = now !== null && now > start && now < end;
    const share = isInside ? (now - start) / (end - start) : 0.5;
    const wanted = Math.round(text.length * share);
    const gaps = [...text.matchAll(/\s+/g)].map((gap) => gap.index);
    const caret = gaps.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? Math.max(1, Math.min(text.length - 1, wanted));
    const second = this.edits.split(found.cue.id, caret, isInside ? now : undefined);
    if (second) this.#select(second, { scroll: true });
  }

  #insert() {
    const draft = this.#selected()?.draft ?? this.edits.drafts.values().next().value;
    if (!draft) return;
    const at = this.programme?.sourceAt(this.player.frame);
    const into = [...this.edits.drafts.values()].find((one) => at && one.clips.includes(at.clip)) ?? draft;
    const start = this.#now(into) ?? (this.#selected()?.cue.end ?? 0);
    const next = into.cues.find((cue) => cue.start > start);
    const end = Math.min(start + NEW_CUE_MS, Math.max(start + 200, next?.start ?? Infinity));
    const id = this.edits.insert(into.name, start, end, "…");
    this.list.edit(id);
    const field = /** @type {HTMLTextAreaElement | null} */ (document.activeElement);
    if (field?.select) field.select();
  }

  #remove() {
    const { selected } = this.list;
    const beside = [this.list.beside(1), this.list.beside(-1)].find((row) => row && row.cue.id !== selected);
    this.edits.remove(selected);
    if (beside) this.#select(beside.cue.id, { scroll: true });
  }

  /** What is said in the cue goes from the film, or comes back. */
  #mark() {
    const found = this.#selected();
    if (!found) return;
    const text = markedOrNot(found.cue.text);
    this.edits.rewrite(found.cue.id, text);
    this.#showTyped(found.cue.id, text);
    if (isMarked(text) && !this.cutsByText) this.told(words.notCutByText);
  }

  /** The clip that plays begins, or ends, with the frame that stands there. @param {"in" | "out"} key */
  #trimHere(key) {
    const { programme, player } = this;
    const at = programme?.sourceAt(player.frame);
    const clip = at && this.clips.clips[at.clip];
    if (this.awaits) this.told(words.makingFilm);
    else if (programme && at && clip) {
      const frame = key === "out" ? programme.millisecondsOf(1) : 0;
      this.#trim(at.clip, clip, key, { at: at.milliseconds + frame }, at);
    }
  }

  /**
   * @param {number} number
   * @param {import("./clips.js").Clip} clip as it is shown
   * @param {"in" | "out"} key
   * @param {{at: number} | {point: string}} to
   * @param {{clip: number, milliseconds: number}} [stay] where the programme shall stand afterwards
   */
  #trim(number, clip, key, to, stay) {
    /** @type {string | null | undefined} what stood there before; undefined: nothing was changed */
    let before;
    /** @type {string | null} what stands there now */
    let now = clip[key];
    const put = async (/** @type {{at: number} | {point: string | null}} */ point) => {
      const { said } = await ask("PUT", `${ofReel(this.id)}/clips/${number}`, { key, name: clip.name, was: now, ...point });
      now = said.now;
      return said.before;
    };
    // One after the other, however fast somebody undoes.
    const inTurn = (/** @type {() => Promise<void>} */ act) => {
      this.trimming = this.trimming
        .then(act)
        .catch((error) => this.told(error.message))
        .then(() => this.refresh())
        .then(() => {
          if (stay && this.programme && !this.awaits) this.player.seek(this.programme.frameOf(stay));
        });
    };
    const outside = {
      undo: () => inTurn(async () => {
        if (before !== undefined) await put({ point: before });
      }),
      redo: () => inTurn(async () => {
        if (before !== undefined) await put(to);
      }),
    };
    // It is a step from now on, whenever it is done: who undoes at once undoes this one.
    this.edits.did(outside);
    inTurn(async () => {
      try {
        before = await put(to);
      } catch (error) {
        this.edits.didNot(outside);
        throw error;
      }
    });
  }

  /** @param {boolean} only */
  #only(only) {
    this.list.onlyShown = only;
    this.list.update();
  }

  #find() {
    findAndReplace({
      count: (what) =>
        [...this.edits.drafts.values()].flatMap((draft) => draft.cues).reduce((sum, cue) => sum + cue.text.split(what).length - 1, 0),
      countElsewhere: async (what) => (await ask("POST", "/api/drafts", { find: what, besides: this.#names })).said.count,
      replace: async (what, by, everywhere) => {
        if (!everywhere || !what) return this.edits.replaceAll(what, by);
        const { said } = await ask("POST", "/api/drafts", { find: what, by, besides: this.#names });
        return said.count + this.edits.replaceAll(what, by, said.back ? this.#outside(said.back) : undefined);
      },
      told: this.told,
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
          if (!said.count) this.told(words.replaced(0));
          return said.back;
        } catch (error) {
          this.told(error instanceof Error ? error.message : String(error));
          return back;
        }
      });
    };
    return { undo: turn, redo: turn };
  }

  get #names() {
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

  // --- keys ---

  /** @param {KeyboardEvent} event @param {number} id @param {HTMLTextAreaElement} field */
  #keyInField(event, id, field) {
    // A key that composes a letter is the input method's, the Enter that ends it too.
    if (event.isComposing || event.keyCode === 229) return;
    // Find is of the whole page.
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyF") return;
    if (event.key === "Escape") {
      field.blur();
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const second = this.edits.split(id, field.selectionStart);
      if (second) this.list.edit(second, 0);
      else {
        const next = this.list.beside(1);
        if (next) this.list.edit(next.cue.id);
      }
    } else if (this.#isUndo(event)) {
      event.preventDefault();
    }
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event */
  #isUndo(event) {
    if (!event.ctrlKey && !event.metaKey) return false;
    if (event.code === "KeyZ" && !event.shiftKey) this.edits.undo();
    else if (event.code === "KeyY" || event.code === "KeyZ") this.edits.redo();
    else return false;
    return true;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (document.querySelector("dialog[open]") || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyF") {
      event.preventDefault();
      this.#find();
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
    // By the place of the key: with a Korean layout the I is a ㅑ.
    const act = this.#acts(event)[event.code];
    if (!act) return;
    if (target.closest("a, button, summary, label") && ["Space", "Enter", "NumpadEnter"].includes(event.code)) return;
    event.preventDefault();
    act();
  }

  /** @param {KeyboardEvent} event @returns {Record<string, () => void>} */
  #acts({ shiftKey }) {
    const rate = Math.round(this.programme?.rate ?? 30);
    const found = this.#selected();
    const frame = this.programme ? this.programme.millisecondsOf(1) : 1000 / 30;
    const nudge = (/** @type {number} */ by) => {
      if (!found) return;
      // By whole frames of the programme: steps of rounded milliseconds would drift off them.
      const moved = (/** @type {number} */ at) => (Math.round(at / frame) + by) * frame;
      this.edits.retime(found.cue.id, shiftKey ? { end: moved(found.cue.end) } : { start: moved(found.cue.start) });
    };
    const here = (/** @type {"start" | "end"} */ which) => {
      const now = found ? this.#now(found.draft) : null;
      if (found && now !== null) this.edits.retime(found.cue.id, { [which]: now });
    };
    const beside = (/** @type {number} */ by) => {
      const row = this.list.beside(by);
      if (row) this.#select(row.cue.id, { seek: true, scroll: true });
    };
    return {
      Space: () => this.player.toggle(),
      ArrowLeft: () => this.player.step(shiftKey ? -rate : -1),
      ArrowRight: () => this.player.step(shiftKey ? rate : 1),
      ArrowUp: () => beside(-1),
      ArrowDown: () => beside(1),
      Enter: () => this.list.edit(this.list.selected),
      NumpadEnter: () => this.list.edit(this.list.selected),
      KeyI: () => (shiftKey ? this.#trimHere("in") : here("start")),
      KeyO: () => (shiftKey ? this.#trimHere("out") : here("end")),
      KeyX: () => this.#mark(),
      BracketLeft: () => nudge(-1),
      BracketRight: () => nudge(1),
      KeyP: () => this.#playCue(false),
      KeyL: () => this.#playCue(true),
      KeyS: () => this.#split(),
      KeyM: () => this.edits.merge(this.list.selected),
      KeyN: () => this.#insert(),
      Delete: () => this.#remove(),
      Slash: () => shiftKey && keys(),
    };
  }
}
