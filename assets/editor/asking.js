// @ts-check
/** Questions to the server. An answer that is an error of a person's comes as `Told`, with one sentence. */

export class Told extends Error {}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<{status: number, said: any}>}
 */
export async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  const said = await answer.json().catch(() => ({}));
  if (said.error) throw new Told(said.error);
  return { status: answer.status, said };
}

/** @param {string} reel */
export const ofReel = (reel) => `/api/reels/${encodeURIComponent(reel)}`;
