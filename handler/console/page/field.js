// One field of the form: a name, what it is for, the box that fits its schema, and what is wrong with it.
import * as controls from "./controls.js";
import { button, h, newID } from "./dom.js";
import { check } from "./check.js";
import { code } from "./code.js";
import { group } from "./group.js";
import { image } from "./images.js";
import { messages } from "./messages.js";
import { resolve, types } from "./schema.js";
import { texts, things } from "./lists.js";

// boxFor chooses the box by the schema alone.
function boxFor({ name, schema, defs, options }) {
  const [type] = types(schema);
  const items = resolve(schema.items, defs);
  const takes = (word) => types(schema).includes(word);
  if (options) return controls.named;
  if (takes("array") && items.properties?.role) return messages;
  if (schema.enum || schema.then?.enum) return controls.choice;
  if (type === "boolean") return controls.truth;
  if (type === "number" || type === "integer") return controls.numeric;
  if (takes("array") && items.enum) return controls.checks;
  if (takes("array") && types(items).includes("string")) return texts;
  if (takes("array") && Object.values(items.properties ?? {}).length > 0 && Object.values(items.properties).every((p) => types(p)[0] === "string")) return things;
  if (takes("object") && !takes("string") && schema.properties) return group;
  if (type === "string") return name === "image" ? image : controls.text;
  return code;
}

// createField makes the field of { name, schema, required, defs, options }. change(value, problem) is called as it is
// filled in; a problem means that there is no value yet.
export function createField(spec, change) {
  const { name, schema, required } = spec;
  const id = newID("field");
  const label = schema["x-ms-summary"] ?? name.replaceAll("_", " ").replace(/^./, (c) => c.toUpperCase());
  let problem = "";
  let value;

  const error = h("p", { class: "error", id: `${id}-error` });
  const note = h("p", { class: "note", id: `${id}-note` });
  const about = `${id}-about ${note.id} ${error.id}`;
  const took = (changed, wrong = "") => {
    value = changed;
    problem = wrong;
    clear();
    judge();
    change(value, problem);
  };
  const make = (box) => box({ ...spec, id, about, label, change: took });
  const own = make(boxFor(spec));
  let control = own;
  const slot = h("div", {}, own.element);

  const judge = () => {
    const said = control === own && boxFor(spec) !== code && boxFor(spec) !== group ? check(schema, spec.defs, value) : "";
    note.textContent = said;
    note.className = said ? "note warn" : "note";
  };
  // A value that the box cannot show is shown as it is.
  const use = (next) => {
    if (control === next) return;
    control = next;
    slot.replaceChildren(next.element);
    more?.setAttribute("aria-pressed", String(next !== own));
  };
  const set = (given) => {
    value = given;
    problem = "";
    use(own.fits(given) ? own : control === own ? make(code) : control);
    control.set(given);
    clear();
    judge();
  };
  const marked = [];
  const clear = () => {
    marked.splice(0).forEach((box) => box.removeAttribute("aria-invalid"));
    element.classList.remove("wrong");
    error.textContent = "";
  };
  const show = (message, path) => {
    const box = control.find(path) ?? control.find([]);
    box.setAttribute("aria-invalid", "true");
    marked.push(box);
    element.classList.add("wrong");
    note.textContent = "";
    error.textContent = [error.textContent, message].filter(Boolean).join(" ");
    return box;
  };

  // Lists and objects can be more than their box shows.
  const more = own.element.matches(".code-box") || [messages, image].includes(boxFor(spec)) || !types(schema).some((type) => type === "array" || type === "object") ? null
    : button("JSON", () => {
      const now = control === own ? make(code) : own;
      if (now === own && !own.fits(value)) return;
      use(now);
      control.set(value);
      control.find([]).focus();
    }, { class: "plain small", "aria-pressed": "false", "aria-label": `Edit ${label} as JSON` });
  const isGroup = own.element.getAttribute("role") === "group";
  const heading = isGroup ? h("span", { class: "label", id: `${id}-label` }, label) : h("label", { class: "label", for: id }, label);
  if (isGroup) own.element.setAttribute("aria-labelledby", heading.id);
  const element = h("div", { class: "field", "data-name": name },
    h("div", { class: "heading" }, heading, required && h("span", { class: "tag" }, "required"), h("code", {}, name), more),
    h("p", { class: "about", id: `${id}-about` }, schema.description ?? ""),
    slot, note, error);
  own.set(undefined);
  return { element, name, set, show, clear, problem: () => problem, find: (path) => control.find(path), value: () => value };
}
