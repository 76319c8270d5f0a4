// The form of an action, and the same input as JSON: two views that are kept in step.
import { createField } from "./field.js";
import { groups, resolve, types } from "./schema.js";
import { code } from "./code.js";
import { h, newID } from "./dom.js";
import { isObject } from "./json.js";

// inputSchema is that of all parameters together, by name, as envelopes and the command line have them.
function inputSchema(action) {
  const properties = Object.fromEntries(action.parameters.map((p) => [p.name, p.schema]));
  return { type: "object", properties, required: action.parameters.filter((p) => p.required).map((p) => p.name) };
}

// firstInput is what a form begins with: what is required and has a default.
export function firstInput(action, models) {
  const input = {};
  for (const { name, required, schema } of action.parameters) {
    if (required && schema.default !== undefined) input[name] = schema.default;
    if (required && types(schema).includes("array") && resolve(schema.items, action.$defs).properties?.role) input[name] = [{ role: "user", content: "" }];
  }
  if (models.length > 0 && action.parameters.some((p) => p.name === "model")) input.model = models[0].id;
  return input;
}

// isSwitch reports whether a parameter is the one that stands beside Run, as it decides how an answer comes.
const isSwitch = (parameter) => parameter.name === "stream" && types(parameter.schema)[0] === "boolean";

// createForm shows an action. listed(name) is what to choose from, undefined for parameters without a list.
export function createForm({ action, formPanel, rawPanel, listed, changed }) {
  let input = {};
  let broken = ""; // what is wrong with the JSON of all
  const defs = action.$defs ?? {};

  const take = (name) => (value) => {
    const next = { ...input };
    if (value === undefined) delete next[name];
    else next[name] = value;
    input = next;
    broken = "";
    showRaw();
    changed();
  };
  // An image makes the JSON long. Then it is written when it is looked at, and not for every key that is pressed.
  let stale = false;
  const showRaw = () => {
    stale = rawPanel.hidden && raw.length() > 100_000;
    if (!stale) raw.set(input);
  };
  const raw = code({ id: newID("raw"), schema: inputSchema(action), defs, label: "Input as JSON", most: 28, change: (value, problem) => {
    broken = problem || (value !== undefined && !isObject(value) ? "The input is a JSON object." : "");
    if (!broken) {
      input = value ?? {};
      for (const field of fields.values()) field.set(input[field.name]);
      stream?.set(input.stream);
    }
    changed();
  } });

  const fields = new Map();
  const field = (parameter) => {
    const made = createField({ ...parameter, schema: resolve(parameter.schema, defs), defs, options: listed(parameter) }, take(parameter.name));
    fields.set(parameter.name, made);
    return made.element;
  };
  const { plain, advanced } = groups(action.parameters.filter((p) => !isSwitch(p)));
  const fold = advanced.length > 0 && h("details", { class: "fold" },
    h("summary", {}, "Advanced", h("span", { class: "count" }, String(advanced.length))), h("div", {}, advanced.map(field)));
  const none = plain.length === 0 ? h("p", { class: "quiet" }, "Nothing needs to be filled in.") : null;
  formPanel.replaceChildren(...[none, ...plain.map(field), fold].filter(Boolean));
  rawPanel.replaceChildren(h("p", { class: "about" }, "The same input as one object, parameters by name: what an envelope and the command line take."), raw.element);
  const stream = action.parameters.some(isSwitch) ? switchBox(action.parameters.find(isSwitch), take("stream")) : undefined;

  return {
    action,
    stream: stream?.element,
    input: () => input,
    set(given) {
      input = given;
      broken = "";
      for (const f of fields.values()) f.set(input[f.name]);
      stream?.set(input.stream);
      raw.set(input);
      stale = false;
      changed();
    },
    // fill changes one field, and leaves the others to who is filling them in.
    fill(name, value) {
      fields.get(name).set(value);
      take(name)(value);
    },
    showRaw: () => stale && showRaw(),
    // problem says why the input cannot be sent, and leads to the box.
    problem() {
      if (broken) return { text: broken, raw: true, focus: () => raw.find().focus() };
      const wrong = [...fields.values()].find((f) => f.problem());
      return wrong && { text: wrong.problem(), focus: () => reveal(wrong, fold).focus() };
    },
    // show marks what the server found wrong: [{ path, message }]. It returns the first box that was found.
    show(faults) {
      let first;
      for (const { path: [name, ...rest], message } of faults) {
        const wrong = fields.get(name);
        if (!wrong) continue;
        if (fold && fold.contains(wrong.element)) fold.open = true;
        const box = wrong.show(message, rest);
        if (!first || box.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = box;
      }
      return first;
    },
    clear: () => fields.forEach((f) => f.clear()),
    reveal: (name, path = []) => fields.has(name) && reveal(fields.get(name), fold, path).focus(),
  };
}

function reveal(field, fold, path = []) {
  if (fold && fold.contains(field.element)) fold.open = true;
  return field.find(path);
}

function switchBox({ schema }, change) {
  const box = h("input", { type: "checkbox", role: "switch", onchange: () => change(box.checked || undefined) });
  const element = h("label", { class: "switch", title: schema.description }, box, h("span", {}, schema["x-ms-summary"]));
  return { element, set: (value) => (box.checked = value === true) };
}
