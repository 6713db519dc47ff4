// @ts-check
/** Elements made of values: texts of people only ever become text. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [given] properties; `aria-…`, `role` and `data-…` as attributes, `on…` as listeners
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (/^(aria-|data-|role$|for$)/.test(name)) made.setAttribute(name, String(value));
    else /** @type {any} */ (made)[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/**
 * A button with a name that is always said and sometimes shown.
 * @param {string} name
 * @param {() => void} act
 * @param {{sign?: string, className?: string, key?: string}} [how]
 */
export function button(name, act, how = {}) {
  return make(
    "button",
    {
      type: "button",
      className: how.className ?? "",
      onclick: act,
      title: how.key ? `${name} (${how.key})` : name,
      "aria-label": how.sign ? name : undefined,
    },
    how.sign ?? name,
  );
}

/** @param {number} milliseconds */
export function clock(milliseconds) {
  const hundredths = Math.round(milliseconds / 10);
  const seconds = Math.floor(hundredths / 100);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}.${two(hundredths % 100)}`;
}

/**
 * What was typed as a time: 1:02.5 or 62.5; null for what is none.
 * @param {string} typed
 */
export function milliseconds(typed) {
  const found = /^\s*(?:(?:(\d+):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?\s*$/.exec(typed);
  if (!found) return null;
  const [, hours, minutes, seconds, part] = found;
  return ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds)) * 1000 + Number((part ?? "0").padEnd(3, "0"));
}
