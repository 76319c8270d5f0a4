// The runs since the page was opened, and those that were picked side by side.
import { button, h } from "./dom.js";
import { compare } from "./compare.js";
import { count, kind, milliseconds, outcome } from "./words.js";

// createRuns fills a panel. open(run) shows a run, reuse(run) fills the form with its input.
export function createRuns({ panel, open, reuse }) {
  const runs = [];
  const picked = new Set();
  const lines = new Map();
  const body = h("tbody");
  const start = button("Compare", () => showComparison(), { class: "small", id: "compare" });
  const hint = h("span", { class: "quiet" });
  const comparison = h("div", { id: "comparison" });
  const table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "List of runs" }, h("table", {},
    h("thead", {}, h("tr", {}, ["Pick", "Run", "Action", "Connection", "Model", "Outcome", "First event", "Total", "Tokens", ""].map((name) => h("th", { scope: "col" }, name || h("span", { class: "hidden" }, "What to do"))))), body));
  const head = h("header", { class: "head" }, h("h2", { id: "runs-title" }, "Runs"), h("div", { class: "row" }, hint, start));
  const nothing = h("p", { class: "quiet" }, "Every run since the page was opened is listed here. Nothing is kept when the page is closed.");
  panel.replaceChildren(head, nothing, table, comparison);

  const showComparison = () => {
    comparison.replaceChildren(compare(runs.filter((run) => picked.has(run)), () => {
      comparison.replaceChildren();
      start.focus();
    }));
    comparison.querySelector("h3").focus();
  };
  const update = () => {
    table.hidden = runs.length === 0;
    nothing.hidden = runs.length > 0;
    start.hidden = hint.hidden = runs.length < 2;
    start.disabled = picked.size < 2;
    hint.textContent = picked.size < 2 ? "Pick two or more" : `${picked.size} picked`;
  };
  const line = (run) => {
    const pick = h("input", { type: "checkbox", "aria-label": `Pick run ${run.id}`, onchange: () => {
      if (pick.checked) picked.add(run);
      else picked.delete(run);
      update();
    } });
    const cells = Object.fromEntries(["outcome", "first", "total", "tokens"].map((name) => [name, h("td", name === "outcome" ? {} : { class: "number" })]));
    const row = h("tr", {},
      h("td", {}, pick), h("th", { scope: "row" }, button(`#${run.id}`, () => open(run), { class: "link", "aria-label": `Show run ${run.id}` })),
      h("td", {}, run.action.id), h("td", {}, run.connection || "–"), h("td", {}, run.input.model ?? "–"),
      cells.outcome, cells.first, cells.total, cells.tokens,
      h("td", {}, button("Use input", () => reuse(run), { class: "link", "aria-label": `Use input of run ${run.id}` })));
    return { row, cells };
  };

  update();
  return {
    add(run) {
      runs.push(run);
      lines.set(run, line(run));
      body.prepend(lines.get(run).row);
      this.refresh(run);
      update();
    },
    refresh(run) {
      const { cells } = lines.get(run);
      cells.outcome.replaceChildren(h("span", { class: `pill ${kind(run)}` }, outcome(run)));
      cells.first.textContent = milliseconds(run.first);
      cells.total.textContent = milliseconds(run.total);
      cells.tokens.textContent = count(run.reply.tokens?.total);
    },
  };
}
