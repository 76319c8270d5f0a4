// The page put together.
import { asCurl, asLogicApps, showCopy } from "./copy.js";
import { createConnection } from "./connection.js";
import { createForm, firstInput } from "./form.js";
import { createGauge } from "./gauge.js";
import { createRequest } from "./request.js";
import { createResult } from "./result.js";
import { createRuns } from "./runs.js";
import { button, h, tabs } from "./dom.js";
import { execute, newRun } from "./run.js";

const at = (id) => document.getElementById(id);
const { actions } = await (await fetch("console/actions.json")).json();
const lister = actions.find((action) => action.id === "ListModels");

let form;
let running; // aborts the call in progress
let models = [];
const inputs = new Map(); // by action: what was last filled in
const modelBoxes = new Set();

const gauge = createGauge(at("gauge"));
const connection = createConnection({ panel: at("connection"), changed: reload });
const result = createResult({ panel: at("outcome"), status: at("status"), reveal });
const runs = createRuns({ panel: at("runs"), open: show, reuse });

const views = tabs("Views of the input", [{ name: "form", label: "Form", panel: at("form-view") }, { name: "raw", label: "JSON", panel: at("raw-view"), onshow: () => form?.showRaw() }]);
at("views").append(views.bar);

// The bar below the form.
const start = button("Run", run, { class: "primary", id: "run", title: "Ctrl + Enter" });
const stop = button("Cancel", cancel, { id: "cancel", hidden: true, title: "Escape" });
const streamSlot = h("span");
const told = h("p", { class: "note bad", role: "alert" });
at("run-bar").append(h("div", { class: "row" }, start, stop, streamSlot),
  h("div", { class: "row copies" }, h("span", { class: "quiet" }, "Copy as"), button("curl", copyCurl, { class: "small", id: "copy-curl", "aria-label": "Copy as curl" }),
    button("Logic Apps action", copyLogicApps, { class: "small", id: "copy-logic-apps", "aria-label": "Copy as Logic Apps action" })), told);

const choosers = actions.map((action) => button("", () => choose(action), { "data-action": action.id }));
choosers.forEach((chooser, i) => chooser.append(h("span", {}, actions[i].summary), h("code", {}, actions[i].id)));
at("actions").append(h("ul", {}, choosers.map((chooser) => h("li", {}, chooser))));

function listed({ name, schema }) {
  const by = schema["x-ms-dynamic-values"]?.operationId;
  if (by ? by !== lister?.id : name !== "model") return undefined;
  return { listen(take) {
    modelBoxes.add(take);
    take(models);
  } };
}

function choose(action, input) {
  if (form) inputs.set(form.action.id, form.input());
  modelBoxes.clear();
  choosers.forEach((chooser) => chooser.setAttribute("aria-current", String(chooser.dataset.action === action.id)));
  at("action-title").textContent = action.summary;
  at("action-description").textContent = action.description;
  at("action-route").replaceChildren(h("span", { class: "method" }, action.method), ` ${action.path}`);
  form = createForm({ action, formPanel: at("form-view"), rawPanel: at("raw-view"), listed, changed: () => (told.textContent = "") });
  streamSlot.replaceChildren(...(form.stream ? [form.stream] : []));
  form.set(input ?? inputs.get(action.id) ?? firstInput(action, models));
}

// reload asks again what the connection lists.
async function reload() {
  gauge.choose(connection.name());
  const of = connection.name();
  const list = await connection.models(lister);
  if (of !== connection.name()) return;
  models = list;
  for (const take of modelBoxes) take(models);
  const fresh = firstInput(form.action, models).model;
  if (fresh && !models.some((m) => m.id === form.input().model)) form.fill("model", fresh);
}

const request = () => createRequest(form.action, form.input(), connection.name());

// shareable is a request as it can be shown to others: with the endpoint that is brought, without keys.
function shareable() {
  const made = request();
  return { ...made, headers: [...made.headers, ...connection.endpoint()] };
}

async function run() {
  if (running) return;
  const problem = form.problem();
  if (problem) {
    views.choose(problem.raw ? "raw" : "form");
    told.textContent = problem.text;
    problem.focus();
    return;
  }
  form.clear();
  const abort = new AbortController();
  const made = request();
  made.headers = [...made.headers, ...connection.headers()];
  const one = newRun(form.action, connection.name(), form.input());
  running = abort;
  busy(true);
  runs.add(one);
  show(one);
  at("result").scrollIntoView({ block: "nearest" });
  await execute(one, made, abort.signal, later(() => {
    runs.refresh(one);
    if (shown === one) result.show(one);
  }));
  running = undefined;
  busy(false);
  runs.refresh(one);
  if (shown === one) result.show(one);
  gauge.learn(one);
  if (one.fault && form.action === one.action) point(one.fault.faults);
}

// point marks what is wrong in the form, and leads to the first of it.
function point(faults) {
  const first = form.show(faults);
  if (!first) return;
  views.choose("form");
  first.focus();
}

// later puts several updates of a moment into one.
function later(update) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      update();
    });
  };
}

function cancel() {
  running?.abort();
}

function busy(is) {
  const had = document.activeElement;
  start.hidden = is;
  stop.hidden = !is;
  if (had === start || had === stop) (is ? stop : start).focus();
}

let shown;
function show(run) {
  shown = run;
  at("result-title").textContent = `Run ${run.id}`;
  result.show(run);
}

function reveal([name, ...path]) {
  if (name === "connection") return connection.focus();
  views.choose("form");
  form.reveal(name, path);
}

function reuse({ action, input }) {
  choose(action, input);
  views.choose("form");
  at("input").focus();
  at("input").scrollIntoView({ block: "start" });
}

function copyCurl() {
  const credentials = connection.placeholders();
  const about = credentials.length > 0 ? `Set ${credentials.map(([, name]) => name).join(" and ")} first: the text holds no key.` : "For a shell such as bash.";
  showCopy("The call as curl", asCurl(shareable(), credentials), about);
}

function copyLogicApps() {
  showCopy("The call as a Logic Apps action", asLogicApps(form.action, shareable(), connection.placeholders()),
    "An entry of actions in a workflow. Its parameters inferenceUrl and inferenceKey hold the address and the key.");
}

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
  if (event.key === "Escape" && running) cancel();
});

result.empty();
choose(actions[0]);
await connection.load();
document.documentElement.dataset.ready = "true";
