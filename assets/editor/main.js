// @ts-check
/** The page begins here: the list of reels, or the one that the address names. */

import { ask, ofReel } from "./asking.js";
import { button, make } from "./making.js";
import { OpenReel } from "./openreel.js";
import { anythingUnsaved } from "./saving.js";
import { language, words } from "./words.js";

const app = /** @type {HTMLElement} */ (document.getElementById("app"));
const status = /** @type {HTMLElement} */ (document.getElementById("told"));
document.documentElement.lang = language;

/** @type {OpenReel | null} */
let open = null;
/** @type {any} */
let news = null;
/** What could be seen on disk when the view was answered that stands there, or when it was asked for again. */
let seen = "";

/** @param {string} said */
function told(said) {
  status.textContent = said;
  status.classList.add("shown");
  setTimeout(() => status.classList.remove("shown"), 6000);
}

/** @typedef {{title: string, nodes: Node[], reel?: OpenReel, seen?: unknown}} View `seen`: on disk, when it was answered */

/** @returns {Promise<View>} */
async function listReels() {
  const { said: campaign } = await ask("GET", "/api/campaign");
  const nodes = [
    make("header", {}, make("h1", {}, campaign.name)),
    make(
      "main",
      {},
      make(
        "ul",
        { className: "reels", "aria-label": words.reels },
        ...campaign.reels.map((/** @type {any} */ reel) =>
          make(
            "li",
            {},
            make(
              "a",
              { href: `#/${encodeURIComponent(reel.id)}` },
              make("strong", {}, reel.title || reel.id),
              make("span", { className: "id" }, reel.id),
              make("span", { className: "badges" }, badge(reel.state, words.states), reel.approved === "no" ? null : badge(reel.approved, words.approved)),
              reel.error ? make("span", { className: "error" }, reel.error) : null,
            ),
          ),
        ),
      ),
    ),
  ];
  return { title: campaign.name, nodes, seen: campaign.seen };
}

/** @param {string} state @param {Record<string, string>} named */
const badge = (state, named) => make("span", { className: `badge ${state}` }, named[state]);

/** @param {string} id @param {() => boolean} isWanted @returns {Promise<View>} */
async function showReel(id, isWanted) {
  const { said: opened } = await ask("GET", ofReel(id));
  const title = opened.title || opened.id;
  const header = make(
    "header",
    {},
    make("a", { href: "#/", className: "back" }, words.back),
    make("h1", {}, title),
  );
  if (!opened.programme && !opened.problem) {
    const prepare = () => ask("POST", `${ofReel(id)}/prepare`).catch((error) => told(error.message));
    // What takes seconds is done at once; when to listen for minutes, a person decides.
    if (!opened.needs_listening) prepare();
    const nodes = [
      header,
      make(
        "main",
        { className: "waiting" },
        make("p", {}, words.waitsFor),
        make("ul", {}, ...opened.waits_for.map((/** @type {string} */ doing) => make("li", {}, doing))),
        opened.needs_listening ? button(words.prepare, prepare, { className: "main" }) : null,
        make("p", { id: "doing", role: "status" }),
      ),
    ];
    return { title, nodes, seen: opened.seen };
  }
  if (!isWanted()) return { title, nodes: [] };
  const reel = new OpenReel(opened, told, route);
  return { title, nodes: [header, reel.element], reel };
}

/** @param {unknown} error @returns {View} */
function failed(error) {
  const said = error instanceof Error ? error.message : String(error);
  const nodes = [
    make("header", {}, make("a", { href: "#/", className: "back" }, words.back)),
    make("main", {}, make("p", { className: "error", role: "alert" }, said)),
  ];
  return { title: said, nodes };
}

let routed = 0;

/** Shows what the address names. Whoever asks for another view meanwhile gets that one. */
async function route() {
  routed += 1;
  const mine = routed;
  const isWanted = () => mine === routed;
  const before = news;
  const id = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
  if (open) await open.leave();
  const view = await (id ? showReel(id, isWanted) : listReels()).catch(failed);
  if (!isWanted()) return;
  open = view.reel ?? null;
  document.title = view.title;
  app.replaceChildren(...view.nodes);
  if (view.seen) seen = JSON.stringify(view.seen);
  if (open) {
    open.list.update();
    if (news) open.onNews(news);
  } else if (news !== before && JSON.stringify(news.seen) !== seen) {
    // What came while the view was being asked for went to the one before it.
    route();
  }
}

/** @param {any} told */
function onNews(told) {
  const before = news;
  news = told;
  if (open) {
    open.onNews(news);
    return;
  }
  const waiting = document.getElementById("doing");
  const job = news.jobs.at(-1);
  if (waiting && job) waiting.textContent = job.error ?? `${job.doing} ${Math.round(job.share * 100)}%`;
  const now = JSON.stringify(news.seen);
  const isNew = now !== seen;
  seen = now;
  // Also one that was begun and done between two news.
  const done = (/** @type {any} */ one) => (one ? one.jobs.filter((/** @type {any} */ job) => job.state === "done").length : 0);
  if (isNew || done(news) > done(before)) route();
}

/** @type {EventSource | null} */
let source = null;

/** News only for a page that is looked at: a browser keeps few connections to one server, for all of its tabs together. */
function listen() {
  if (document.hidden) {
    source?.close();
    source = null;
  } else if (!source) {
    source = new EventSource("/api/news");
    source.addEventListener("message", (event) => onNews(JSON.parse(event.data)));
    source.addEventListener("error", () => source && told(words.offline));
  }
}

addEventListener("hashchange", route);
addEventListener("beforeunload", (event) => {
  if (anythingUnsaved() || open?.review.unkept !== (open ? null : undefined)) event.preventDefault();
});
document.addEventListener("visibilitychange", listen);
route().then(listen);
