// @ts-check
/** Questions to the server. Whatever is no answer comes as `Told`, with one sentence for a person. */

import { language, words } from "./words.js";

export class Told extends Error {}

/** What is answered although something stands against it: a person decides. */
const CONFLICT = 409;

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<{status: number, said: any}>}
 */
export async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { "Accept-Language": language, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Told(words.offline);
  });
  const said = await answer.json().catch(() => null);
  if (said?.error) throw new Told(said.error);
  if (said === null || (!answer.ok && answer.status !== CONFLICT)) throw new Told(words.offline);
  return { status: answer.status, said };
}

/** @param {string} reel */
export const ofReel = (reel) => `/api/reels/${encodeURIComponent(reel)}`;
