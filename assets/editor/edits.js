// @ts-check
/**
 * The drafts of an open reel and every edit of them, with undo and redo without end. Knows nothing of the page.
 *
 * A cue is `{id, start, end, text}`, milliseconds of its footage; cues never change, edits make new ones. `id` lasts
 * as long as the page does and is told to nobody.
 *
 * @typedef {{id: number, start: number, end: number, text: string}} Cue
 * @typedef {{name: string, version: string, language: string, clips: number[], cues: readonly Cue[]}} Draft
 * @typedef {ReadonlyMap<string, readonly Cue[]>} Texts
 * @typedef {{undo: () => void, redo: () => void}} Outside what a step has done besides the drafts that lie open
 * @typedef {{texts: Texts, outside?: Outside, dropped?: Step[]}} Step the drafts as they were before it; `dropped`: what could
 *   be done again until then
 */

const ONE_MS = 1;
const TYPED_TOGETHER_MS = 1200;

let lastId = 0;

/** @param {{start: number, end: number, text: string}} said @returns {Cue} */
export const cue = (said) => ({ id: ++lastId, start: said.start, end: said.end, text: said.text });

/** @param {Cue} one @param {{start: number, end: number, text: string}} other */
const same = (one, other) => one.start === other.start && one.end === other.end && one.text === other.text;

/** @param {Cue[]} cues */
const inOrder = (cues) => cues.sort((a, b) => a.start - b.start || a.end - b.end);

/** Before a cue's words: what is said there goes from the film, and the cue is never shown. As the server reads it. */
const MARK = /^\s*[[\uff3b]\s*[xX\uff58\uff38\u314c]\s*[\]\uff3d]\s*/;

/** Whether a cue is one that goes. @param {string} text */
export const isMarked = (text) => MARK.test(text);

/** The text with the mark, or without it where it has one. @param {string} text */
export const markedOrNot = (text) => (isMarked(text) ? text.replace(MARK, "") : `[x] ${text}`);

/** As the server cleans a text. @param {string} text */
export const cleaned = (text) =>
  text
    .normalize("NFC")
    .replace(/[\u200b\u200e\u200f\ufeff]/g, "")
    .replace(/\t/g, " ")
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter(Boolean)
    .join("\n");

/**
 * Which cue of a draft each cue of its file is: the same, else one that begins or ends there, else one that says the same.
 * @param {readonly Cue[]} ours
 * @param {readonly {start: number, end: number, text: string}[]} theirs
 * @returns {Map<number, Cue>} by the place in the file
 */
function matched(ours, theirs) {
  /** @type {Map<number, Cue>} */
  const found = new Map();
  const left = new Set(ours);
  const texts = new Map(ours.map((one) => [one, cleaned(one.text)]));
  const keys = [
    (/** @type {{start: number, end: number}} */ one, /** @type {string} */ text) => `${one.start} ${one.end} ${text}`,
    (/** @type {{start: number}} */ one) => String(one.start),
    (/** @type {{end: number}} */ one) => String(one.end),
    (/** @type {unknown} */ _, /** @type {string} */ text) => text,
  ];
  for (const key of keys) {
    /** @type {Map<string, Cue[]>} */
    const byKey = new Map();
    for (const one of left) {
      const named = key(one, texts.get(one) ?? "");
      byKey.set(named, [...(byKey.get(named) ?? []), one]);
    }
    theirs.forEach((said, at) => {
      const one = found.has(at) ? undefined : byKey.get(key(said, said.text))?.shift();
      if (!one) return;
      found.set(at, one);
      left.delete(one);
    });
  }
  return found;
}

export class Edits {
  /** @param {{name: string, version: string, language: string, clips: number[], cues: {start: number, end: number, text: string}[]}[]} drafts */
  constructor(drafts) {
    /** @type {Map<string, Draft>} */
    this.drafts = new Map(drafts.map((draft) => [draft.name, { ...draft, cues: draft.cues.map(cue) }]));
    /** @type {Step[]} */
    this.past = [];
    /** @type {Step[]} */
    this.future = [];
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.typing = { id: 0, at: 0 };
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.listeners.add(listener);
  }

  /** @returns {Texts} */
  get texts() {
    return new Map([...this.drafts].map(([name, draft]) => [name, draft.cues]));
  }

  /** @param {number} id @returns {{draft: Draft, at: number, cue: Cue} | null} */
  find(id) {
    for (const draft of this.drafts.values()) {
      const at = draft.cues.findIndex((one) => one.id === id);
      if (at >= 0) return { draft, at, cue: draft.cues[at] };
    }
    return null;
  }

  /**
   * Text typed into a cue; what is typed in one go is undone in one go.
   * @param {number} id
   * @param {string} text
   * @param {number} now
   */
  type(id, text, now) {
    const found = this.find(id);
    if (!found || found.cue.text === text) return;
    const goesOn = this.typing.id === id && now - this.typing.at < TYPED_TOGETHER_MS;
    this.#replace(found.draft, found.at, 1, [{ ...found.cue, text }], { remembered: !goesOn });
    this.typing = { id, at: now };
  }

  /** A text put there at once, a step of its own. @param {number} id @param {string} text */
  rewrite(id, text) {
    const found = this.find(id);
    if (found && found.cue.text !== text) this.#replace(found.draft, found.at, 1, [{ ...found.cue, text }]);
  }

  /**
   * @param {number} id
   * @param {{start?: number, end?: number}} times
   * @param {{going?: boolean}} [how] `going`: one of many steps of a drag, undone in one go with the first
   * @returns {boolean} whether it was done
   */
  retime(id, times, how = {}) {
    const found = this.find(id);
    if (!found) return false;
    const start = Math.max(0, Math.round(times.start ?? found.cue.start));
    const end = Math.round(times.end ?? found.cue.end);
    if (end - start < ONE_MS || (start === found.cue.start && end === found.cue.end)) return false;
    this.#replace(found.draft, found.at, 1, [{ ...found.cue, start, end }], { remembered: !how.going });
    return true;
  }

  /**
   * Two cues of one, parted where the caret stands; the time by how much is said before and behind.
   * @param {number} id
   * @param {number} caret
   * @param {number} [at] milliseconds, where the time is known
   * @returns {number | null} the id of the second
   */
  split(id, caret, at) {
    const found = this.find(id);
    if (!found) return null;
    const { cue: whole } = found;
    const [before, behind] = [whole.text.slice(0, caret).trimEnd(), whole.text.slice(caret).trimStart()];
    if (!before.trim() || !behind.trim()) return null;
    const said = (/** @type {string} */ text) => Math.max(1, text.replace(/\s/g, "").length);
    const share = said(before) / (said(before) + said(behind));
    const inside = at !== undefined && at > whole.start && at < whole.end;
    const middle = Math.round(inside ? at : whole.start + share * (whole.end - whole.start));
    if (middle <= whole.start || middle >= whole.end) return null;
    const second = cue({ start: middle, end: whole.end, text: behind });
    this.#replace(found.draft, found.at, 1, [{ ...whole, end: middle, text: before }, second]);
    return second.id;
  }

  /** @param {number} id */
  merge(id) {
    const found = this.find(id);
    const next = found?.draft.cues[found.at + 1];
    if (!found || !next) return;
    const text = `${found.cue.text} ${next.text}`.replace(/\s*\n\s*/g, " ");
    this.#replace(found.draft, found.at, 2, [{ ...found.cue, end: Math.max(found.cue.end, next.end), text }]);
  }

  /**
   * @param {string} draft
   * @param {number} start
   * @param {number} end
   * @param {string} text
   * @returns {number} its id
   */
  insert(draft, start, end, text) {
    const into = this.drafts.get(draft);
    if (!into) throw new RangeError(draft);
    const made = cue({ start: Math.round(start), end: Math.round(end), text });
    const after = into.cues.findIndex((one) => one.start > start);
    this.#replace(into, after < 0 ? into.cues.length : after, 0, [made]);
    return made.id;
  }

  /** @param {number} id */
  remove(id) {
    const found = this.find(id);
    if (found) this.#replace(found.draft, found.at, 1, []);
  }

  /** Something that is done outside the drafts, to be undone in its turn. @param {Outside} outside */
  did(outside) {
    this.#remember(outside);
    this.typing = { id: 0, at: 0 };
  }

  /** What was done outside was not done after all. @param {Outside} outside */
  didNot(outside) {
    const last = this.past.at(-1);
    if (last?.outside === outside && !this.future.length) this.future = last.dropped ?? [];
    const others = (/** @type {Step} */ step) => step.outside !== outside;
    this.past = this.past.filter(others);
    this.future = this.future.filter(others);
  }

  /**
   * @param {string} what
   * @param {string} by
   * @param {Outside} [outside] what the same step has replaced in drafts that do not lie open
   * @returns {number} how often
   */
  replaceAll(what, by, outside) {
    if (!what) return 0;
    let count = 0;
    /** @type {Map<string, readonly Cue[]>} */
    const changed = new Map();
    for (const draft of this.drafts.values()) {
      const cues = draft.cues.map((one) => {
        const parts = one.text.split(what);
        count += parts.length - 1;
        return parts.length > 1 ? { ...one, text: parts.join(by) } : one;
      });
      changed.set(draft.name, cues);
    }
    if (count) this.#put(changed, { outside });
    else if (outside) this.did(outside);
    return count;
  }

  undo() {
    this.#step(this.past, this.future)?.undo();
  }

  redo() {
    this.#step(this.future, this.past)?.redo();
  }

  /**
   * What the file says by now. Cues that are as they were keep their ids, and their blanks at the ends while somebody types.
   * What others changed is changed in everything that can be undone to, so that undoing never takes it back.
   * @param {string} name
   * @param {string} version
   * @param {{start: number, end: number, text: string}[]} cues
   */
  takeFromFile(name, version, cues) {
    const draft = this.drafts.get(name);
    if (!draft) return;
    const known = matched(draft.cues, cues);
    const taken = cues.map((said, at) => {
      const one = known.get(at);
      if (one && same({ ...one, text: cleaned(one.text) }, said)) return one;
      return { ...cue(said), ...(one ? { id: one.id } : {}) };
    });
    const before = new Map(draft.cues.map((one) => [one.id, one]));
    const after = new Map(taken.map((one) => [one.id, one]));
    const added = taken.filter((one) => !before.has(one.id));
    /** @param {Step} step @returns {Step} */
    const carried = (step) => {
      const { texts } = step;
      const old = texts.get(name);
      if (!old) return step;
      const kept = old.flatMap((one) => {
        const was = before.get(one.id);
        if (!was || !same(was, one)) return [one];
        const is = after.get(one.id);
        return is ? [is] : [];
      });
      return { ...step, texts: new Map([...texts, [name, inOrder([...kept, ...added])]]) };
    };
    this.past = this.past.map(carried);
    this.future = this.future.map(carried);
    this.drafts.set(name, { ...draft, version, cues: taken });
    this.typing = { id: 0, at: 0 };
    this.#tell();
  }

  /** Which clips of the reel a draft is of. @param {string} name @param {number[]} clips */
  isPlayedBy(name, clips) {
    const draft = this.drafts.get(name);
    if (draft) this.drafts.set(name, { ...draft, clips });
  }

  /** @param {string} name @param {string} version */
  isSavedAs(name, version) {
    const draft = this.drafts.get(name);
    if (draft) this.drafts.set(name, { ...draft, version });
  }

  /**
   * @param {Draft} draft
   * @param {number} at
   * @param {number} count
   * @param {Cue[]} by
   * @param {{remembered?: boolean}} [how]
   */
  #replace(draft, at, count, by, how = {}) {
    const cues = [...draft.cues];
    cues.splice(at, count, ...by);
    this.#put(new Map([[draft.name, inOrder(cues)]]), how);
  }

  /** @param {Outside} [outside] */
  #remember(outside) {
    this.past.push({ texts: this.texts, outside, dropped: outside && this.future });
    this.future = [];
  }

  /** @param {Map<string, readonly Cue[]>} changed @param {{remembered?: boolean, outside?: Outside}} [how] */
  #put(changed, how = {}) {
    if (how.remembered !== false) this.#remember(how.outside);
    this.typing = { id: 0, at: 0 };
    this.#show(changed);
  }

  /** @param {Step[]} from @param {Step[]} to @returns {Outside | undefined} */
  #step(from, to) {
    const step = from.pop();
    if (!step) return undefined;
    to.push({ texts: this.texts, outside: step.outside });
    this.typing = { id: 0, at: 0 };
    this.#show(step.texts);
    return step.outside;
  }

  /** @param {Texts} texts */
  #show(texts) {
    for (const [name, cues] of texts) {
      const draft = this.drafts.get(name);
      if (draft) this.drafts.set(name, { ...draft, cues });
    }
    this.#tell();
  }

  #tell() {
    for (const listener of this.listeners) listener();
  }
}
