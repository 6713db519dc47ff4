// @ts-check
/** What is asked in front of the page: find and replace, a conflict, the keys. */

import { button, clock, make } from "./making.js";
import { words } from "./words.js";

/**
 * @param {string} title
 * @param {(close: () => void) => (Node | string)[]} filled
 */
function dialog(title, filled) {
  const close = () => element.close();
  const element = make("dialog", { "aria-label": title }, make("h2", {}, title));
  element.append(...filled(close));
  element.addEventListener("close", () => element.remove());
  document.body.append(element);
  element.showModal();
  return element;
}

/**
 * @param {{count: (what: string) => number, countElsewhere: (what: string) => Promise<number>,
 *   replace: (what: string, by: string, everywhere: boolean) => Promise<number>, told: (said: string) => void}} act
 */
export function findAndReplace(act) {
  dialog(words.find, (close) => {
    const what = make("input", { type: "text", id: "find-what", oninput: () => counted() });
    const by = make("input", { type: "text", id: "find-by" });
    const everywhere = make("input", { type: "checkbox", id: "find-everywhere", onchange: () => counted() });
    const found = make("output");
    const counted = async () => {
      const asked = what.value;
      const here = asked ? act.count(asked) : 0;
      const elsewhere = asked && everywhere.checked ? await act.countElsewhere(asked) : 0;
      if (asked === what.value) found.textContent = asked ? words.found(here + elsewhere) : "";
    };
    const replace = async () => {
      try {
        act.told(words.replaced(await act.replace(what.value, by.value, everywhere.checked)));
      } catch (error) {
        act.told(error instanceof Error ? error.message : String(error));
      }
      close();
    };
    return [
      make("p", {}, make("label", { for: "find-what" }, words.findWhat), what, found),
      make("p", {}, make("label", { for: "find-by" }, words.replaceBy), by),
      make("p", {}, make("label", { className: "check", for: "find-everywhere" }, everywhere, words.everyDraft)),
      make("div", { className: "buttons" }, button(words.replaceAll, replace, { className: "main" }), button(words.cancel, close)),
    ];
  });
}

/**
 * @typedef {{start: number, end: number, text: string}} SaidCue
 * @param {{base: SaidCue[], mine: SaidCue[], theirs: SaidCue[]}[]} conflicts
 * @param {(chosen: ("mine" | "theirs")[]) => void} decided
 */
export function decide(conflicts, decided) {
  /** @type {("mine" | "theirs")[]} */
  const chosen = conflicts.map(() => "mine");
  const side = (/** @type {SaidCue[]} */ cues) =>
    cues.length
      ? make("div", {}, ...cues.map((cue) => make("p", {}, make("small", {}, `${clock(cue.start)}–${clock(cue.end)}`), make("span", { className: "said" }, cue.text))))
      : make("p", {}, words.nothing);
  const element = dialog(words.conflict, (close) => [
    make("p", {}, words.conflictMore),
    ...conflicts.map((conflict, at) =>
      make(
        "fieldset",
        {},
        make("legend", {}, conflict.base.map((cue) => cue.text).join(" / ") || words.nothing),
        .../** @type {("mine" | "theirs")[]} */ (["mine", "theirs"]).map((which) =>
          make(
            "label",
            { className: "side" },
            make("input", { type: "radio", name: `conflict-${at}`, checked: which === "mine", onchange: () => (chosen[at] = which) }),
            make("strong", {}, words[which]),
            side(conflict[which]),
          ),
        ),
      ),
    ),
    make(
      "div",
      { className: "buttons" },
      button(
        words.useChosen,
        () => {
          decided(chosen);
          close();
        },
        { className: "main" },
      ),
    ),
  ]);
  // Nothing is decided by leaving: what was typed is neither written nor thrown away.
  element.addEventListener("cancel", (event) => event.preventDefault());
}

export function keys() {
  dialog(words.help, (close) => [
    make("dl", { className: "keys" }, ...words.keys.flatMap(([key, does]) => [make("dt", {}, key), make("dd", {}, does)])),
    make("div", { className: "buttons" }, button(words.cancel, close)),
  ]);
}
