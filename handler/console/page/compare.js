// Runs side by side: what went in, what differs, what came out, and what it cost.
import { button, h } from "./dom.js";
import { count, kind, milliseconds, outcome } from "./words.js";
import { brief, same } from "./json.js";

export function compare(runs, close) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.input)))];
  const line = (name, values, show, attributes = {}) => {
    const differs = values.some((value) => !same(value, values[0]));
    const title = h("th", { scope: "row" }, name, differs && attributes.mark && h("span", { class: "tag differs" }, "differs"));
    return h("tr", { class: differs && attributes.mark ? "differs" : undefined }, title, values.map((value, i) => h("td", { class: attributes.class }, show(value, i))));
  };
  const section = (title) => h("tr", { class: "section" }, h("th", { scope: "colgroup", colspan: String(runs.length + 1) }, title));
  const shown = (value) => (value === undefined ? h("span", { class: "quiet" }, "not set") : typeof value === "string" ? brief(value) : h("pre", {}, brief(value)));
  const number = { class: "number" };
  // Only those that answered are compared: a refusal is quick.
  const timed = (name) => {
    const least = Math.min(...runs.filter((run) => run.state === "done" && run[name] !== undefined).map((run) => run[name]));
    return line({ first: "first event", total: "total" }[name], runs.map((run) => run[name]),
      (value, i) => [milliseconds(value), runs[i].state === "done" && value === least && h("span", { class: "tag best" }, "least")], number);
  };

  const table = h("table", { class: "comparison" }, h("colgroup", {}, h("col"), runs.map(() => h("col"))),
    h("thead", {}, h("tr", {}, h("td", {}), runs.map((run) => h("th", { scope: "col" }, `Run ${run.id}`, " ", h("span", { class: "quiet" }, run.at.toLocaleTimeString()))))),
    h("tbody", {},
      section("Input"),
      line("action", runs.map((run) => run.action.id), shown, { mark: true }),
      line("connection", runs.map((run) => run.connection || undefined), shown, { mark: true }),
      names.map((name) => line(name, runs.map((run) => run.input[name]), shown, { mark: true, class: "given" })),
      section("Output"),
      line("outcome", runs.map(outcome), (text, i) => h("span", { class: `pill ${kind(runs[i])}` }, text)),
      line("reply", runs.map(said), (text) => h("div", { class: "said" }, text), { mark: true }),
      section("Cost"),
      line("prompt tokens", runs.map((run) => run.reply.tokens?.prompt), count, number),
      line("reply tokens", runs.map((run) => run.reply.tokens?.completion), count, number),
      timed("first"),
      timed("total")));
  table.style.setProperty("--runs", runs.length);
  return h("section", { "aria-label": "Comparison" },
    h("header", { class: "head" }, h("h3", { tabindex: "-1" }, `Runs ${runs.map((run) => run.id).join(", ")} side by side`), button("Close", close, { class: "small" })),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Runs side by side" }, table));
}

function said(run) {
  if (run.fault) return run.fault.message;
  if (run.reply.text) return run.reply.text;
  if (run.reply.calls.length > 0) return run.reply.calls.map((call) => `${call.name} ${call.arguments}`).join("\n");
  return run.body === undefined ? "" : brief(run.body);
}
