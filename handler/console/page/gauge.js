// How many calls the window of a connection has left, and when the next one is free.
import { header } from "./run.js";
import { h } from "./dom.js";

export function createGauge(panel) {
  const known = new Map(); // by connection: { limit, remaining, until }
  let current;

  const bar = h("div", { class: "fill" });
  const track = h("div", { class: "track", role: "meter", "aria-label": "Calls left in the window", "aria-valuemin": "0" }, bar);
  const words = h("p", { class: "words", id: "gauge-words" });
  panel.replaceChildren(words, track);

  const show = () => {
    const { limit, remaining, until, who } = known.get(current) ?? {};
    const wait = until ? Math.ceil((until - Date.now()) / 1000) : 0;
    panel.classList.toggle("waiting", wait > 0);
    track.hidden = limit === undefined;
    if (limit !== undefined) {
      track.setAttribute("aria-valuemax", limit);
      track.setAttribute("aria-valuenow", remaining);
      bar.style.setProperty("--part", `${(100 * remaining) / limit}%`);
      panel.classList.toggle("low", remaining / limit <= 0.2);
    }
    words.replaceChildren(...said(limit, remaining, wait, until, who));
  };

  setInterval(() => known.get(current)?.until && show(), 250);
  show();
  return {
    // learn takes what a run's answer tells.
    learn(run) {
      const before = known.get(run.connection) ?? {};
      const limit = header(run, "x-ratelimit-limit-requests");
      const now = limit === undefined ? before : { limit: Number(limit), remaining: Number(header(run, "x-ratelimit-remaining-requests")) };
      if (run.status === 429 && run.retryAt) {
        const ours = run.fault?.code === "RateLimitExceeded";
        known.set(run.connection, { ...now, remaining: ours ? 0 : now.remaining, until: run.retryAt, who: ours ? "slot" : "endpoint" });
      } else known.set(run.connection, now);
      show();
    },
    choose(connection) {
      current = connection;
      show();
    },
  };
}

function said(limit, remaining, wait, until, who) {
  const strong = (text) => h("strong", {}, text);
  if (wait > 0 && who === "endpoint") return ["The endpoint asks to wait ", strong(`${wait} s`)];
  if (wait > 0) return ["Next free slot in ", strong(`${wait} s`)];
  if (until && who === "slot") return [strong("A slot is free"), " again"];
  if (limit === undefined) return ["Calls left: known after the first run"];
  return [strong(`${remaining} of ${limit}`), " calls left in the window"];
}
