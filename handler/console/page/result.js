// What a run did: its numbers, its reply as it grows, and everything as it came.
import { button, h, tabs } from "./dom.js";
import { colored, json } from "./highlight.js";
import { count, kind, milliseconds, outcome } from "./words.js";
import { tryParse } from "./reply.js";

// createResult fills a panel. reveal(path) leads to a field of the form.
export function createResult({ panel, status, reveal }) {
  let shown;
  let parts;
  const scroller = panel.parentElement;
  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 24; // about a line

  const build = (run) => {
    const p = { numbers: h("dl", { class: "numbers" }), fault: h("div"), reply: h("div", { class: "reply" }), events: h("ol", { class: "events", tabindex: "0", "aria-label": "Events" }), body: h("div"), head: h("div"), drawn: 0 };
    const views = tabs("Result", [
      { name: "reply", label: "Reply", panel: h("div", {}, p.reply) },
      { name: "events", label: "Events", panel: h("div", {}, p.events) },
      { name: "body", label: "JSON", panel: h("div", {}, p.body) },
      { name: "head", label: "Headers", panel: h("div", {}, p.head) },
    ].filter((v) => (v.name === "events" ? run.status === undefined || run.events.length > 0 || run.first : true)));
    p.views = views;
    const panels = [...views.bar.children].map((tab) => tab.getAttribute("aria-controls"));
    const all = [p.reply, p.events, p.body, p.head].map((e) => e.parentElement).filter((e) => panels.includes(e.id));
    panel.replaceChildren(p.numbers, p.fault, views.bar, ...all);
    return p;
  };

  return {
    empty() {
      panel.replaceChildren(h("div", { class: "empty" }, h("p", {}, "Nothing has been run yet."), h("p", { class: "quiet" }, "Fill in the form and press Run."),
        h("p", { class: "quiet keys" }, h("kbd", {}, "Ctrl"), " + ", h("kbd", {}, "Enter"), " runs, ", h("kbd", {}, "Esc"), " cancels")));
      status.textContent = "";
      status.className = "pill";
    },
    show(run) {
      if (shown !== run) {
        parts = build(run);
        shown = run;
      }
      const follows = atEnd();
      const said = outcome(run);
      if (status.textContent !== said) status.textContent = said;
      status.className = `pill ${kind(run)}`;
      panel.setAttribute("aria-busy", String(run.state === "running"));
      parts.numbers.replaceChildren(...numbers(run));
      parts.fault.replaceChildren(...fault(run, reveal));
      parts.reply.replaceChildren(...reply(run));
      drawEvents(run, parts);
      if (follows && run.state === "running") scroller.scrollTop = scroller.scrollHeight;
      if (run.state !== "running") {
        parts.body.replaceChildren(body(run));
        parts.head.replaceChildren(head(run));
        if (run.events.length === 0) parts.events.replaceChildren(h("li", { class: "quiet" }, "The answer came whole."));
      }
    },
  };
}

function numbers(run) {
  const tokens = run.reply.tokens;
  const pairs = [
    ["First event", milliseconds(run.first)],
    ["Total", run.state === "running" ? "…" : milliseconds(run.total)],
    ["Prompt tokens", count(tokens?.prompt)],
    ["Reply tokens", count(tokens?.completion)],
    ["All tokens", count(tokens?.total)],
  ];
  return pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
}

function fault(run, reveal) {
  if (run.state === "cancelled") return [h("div", { class: "notice" }, "Cancelled by you. What the model had begun may still be charged.")];
  if (!run.fault) return [];
  const { code, message, faults } = run.fault;
  const links = faults.map((f) => h("li", {}, button(f.path.join(" › "), () => reveal(f.path), { class: "link" }), f.message === message ? "" : ` ${f.message}`));
  return [h("div", { class: "notice bad", role: "alert" }, h("strong", {}, code), h("p", {}, message), links.length > 0 && h("ul", {}, links))];
}

function reply(run) {
  const { text, thoughts, json: object, calls, vectors, finish, model } = run.reply;
  const shown = [];
  if (thoughts) shown.push(h("details", { class: "thoughts", open: !text }, h("summary", {}, "Reasoning"), h("p", { class: "said" }, thoughts)));
  if (text && object === undefined) shown.push(h("p", { class: "said" }, text, run.state === "running" && h("span", { class: "caret", "aria-hidden": "true" })));
  if (object !== undefined) shown.push(json(object)); // what the text says
  for (const call of calls) shown.push(h("div", { class: "call" }, h("span", { class: "label" }, `Calls ${call.name}`), colored(pretty(call.arguments))));
  vectors.forEach((vector, i) => shown.push(h("p", { class: "mono cut" }, `${i + 1}: ${described(vector)}`)));
  if (shown.length === 0 && run.state === "running") shown.push(h("p", { class: "quiet" }, "Waiting for the answer…"));
  if (shown.length === 0 && run.state === "done") shown.push(run.body === undefined ? h("p", { class: "quiet" }, "The reply is empty.") : json(run.body));
  if (shown.length === 0) shown.push(h("p", { class: "quiet" }, "There is no reply."));
  if (finish || model) shown.push(h("p", { class: "quiet small-print" }, [model && `model ${model}`, finish && `finish ${finish}`].filter(Boolean).join(" · ")));
  return shown;
}

const pretty = (text) => {
  const value = typeof text === "string" ? tryParse(text) : text;
  return value === undefined ? String(text ?? "") : JSON.stringify(value, null, 2);
};

const described = (vector) => (Array.isArray(vector) ? `${vector.length} dimensions [${vector.slice(0, 6).map((n) => Number(JSON.stringify(n)).toFixed(4)).join(", ")}, …]` : `${String(vector).length} characters ${String(vector).slice(0, 48)}…`);

// drawEvents adds those that are new. Each can be unfolded.
function drawEvents(run, parts) {
  for (const { event, data, at } of run.events.slice(parts.drawn)) {
    const value = tryParse(data);
    const inside = h("div");
    const line = h("summary", {}, h("span", { class: "when" }, milliseconds(at)), h("span", { class: event === "error" ? "name error" : "name" }, event), h("span", { class: "cut mono" }, data));
    const details = h("details", { ontoggle: () => inside.replaceChildren(value === undefined ? h("pre", {}, data) : json(value)) }, line, inside);
    parts.events.append(h("li", {}, details));
  }
  parts.drawn = run.events.length;
}

function body(run) {
  if (run.body !== undefined) return json(run.body);
  if (run.text) return h("pre", { class: "json", tabindex: "0" }, run.text);
  if (run.events.length > 0) return json(run.events.map((e) => tryParse(e.data) ?? e.data));
  return h("p", { class: "quiet" }, "There is no body.");
}

function head(run) {
  if (run.headers.length === 0) return h("p", { class: "quiet" }, "There was no answer.");
  return h("dl", { class: "headers" }, run.headers.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}
