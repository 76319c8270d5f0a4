// The boxes for simple values. Each control is { element, set(value), fits(value), find(path) }: set shows a value,
// fits tells whether it can, find leads to the box for a part of it. An empty box is an absent value.
import { h, newID } from "./dom.js";
import { isNumber, number, same } from "./json.js";
import { choices, range, types } from "./schema.js";

const control = (input, set, fits) => ({ element: input, set, fits: (value) => value === undefined || fits(value), find: () => input });

// grow makes a text box as high as what is in it.
export function grow(area) {
  area.rows = Math.min(Number(area.dataset.most ?? 14), Math.max(Number(area.dataset.rows ?? 2), area.value.split("\n").length));
}

export function text({ id, about, schema, change, rows = 2 }) {
  const oneLine = schema.pattern || schema.maxLength <= 256;
  const input = oneLine ? h("input", { type: "text", id, autocomplete: "off" }) : h("textarea", { id, "data-rows": rows, rows });
  input.setAttribute("aria-describedby", about);
  if (schema.default !== undefined) input.placeholder = schema.default;
  input.addEventListener("input", () => {
    if (!oneLine) grow(input);
    change(input.value === "" ? undefined : input.value);
  });
  const set = (value) => {
    input.value = value ?? "";
    if (!oneLine) grow(input);
  };
  return control(input, set, (value) => typeof value === "string" && (!oneLine || !value.includes("\n")));
}

export function numeric({ id, about, schema, change }) {
  const placeholder = schema.default !== undefined ? String(schema.default) : range(schema);
  const input = h("input", { type: "text", inputmode: "decimal", id, autocomplete: "off", "aria-describedby": about, placeholder });
  input.addEventListener("input", () => {
    const written = input.value.trim();
    change(written === "" ? undefined : number(written) ?? written); // what is no number is for the server to refuse
  });
  const set = (value) => {
    input.value = isNumber(value) ? JSON.stringify(value) : value ?? "";
  };
  return control(input, set, (value) => isNumber(value) || typeof value === "string");
}

export function choice({ id, about, schema, change, required }) {
  const all = choices(schema.enum ? schema : schema.then);
  const empty = schema.default === undefined ? "not set" : `not set (${schema.default})`;
  const option = ({ label }, i) => h("option", { value: i }, label);
  const select = h("select", { id, "aria-describedby": about }, required ? [] : h("option", { value: "" }, empty), all.map(option));
  if (required) select.prepend(h("option", { value: "" }, "choose…"));
  select.addEventListener("change", () => change(all[select.value]?.value));
  const at = (value) => all.findIndex((c) => same(c.value, value));
  const set = (value) => {
    select.value = value === undefined ? "" : String(at(value));
  };
  return control(select, set, (value) => at(value) >= 0);
}

export const truth = (options) => choice({ ...options, schema: { ...options.schema, enum: [true, false], "x-ms-enum-values": [{ value: true, displayName: "yes" }, { value: false, displayName: "no" }] } });

// checks are boxes to tick: a list of some of the values of an enum.
export function checks({ id, about, schema, change }) {
  const boxes = choices(schema.items).map(({ value, label }) => {
    const box = h("input", { type: "checkbox", id: newID("box"), onchange: () => changed() });
    return { value, box, label: h("label", { class: "tick" }, box, ` ${label}`) };
  });
  const changed = () => {
    const ticked = boxes.filter((b) => b.box.checked).map((b) => b.value);
    change(ticked.length > 0 ? ticked : undefined);
  };
  const element = h("div", { id, role: "group", class: "ticks", "aria-describedby": about }, boxes.map((b) => b.label));
  return {
    element,
    set: (value = []) => boxes.forEach((b) => (b.box.checked = value.includes(b.value))),
    fits: (value) => value === undefined || (Array.isArray(value) && value.every((v) => boxes.some((b) => b.value === v))),
    find: () => boxes[0].box,
  };
}

// named takes one of the names that another action lists, or any other.
export function named({ id, about, change, options }) {
  const other = "\u0000other";
  const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": about });
  const select = h("select", { "aria-describedby": about });
  const element = h("div", { class: "named" }, select, input);
  let listed = [];
  let typed = false;
  let value;

  const show = () => {
    const known = value === undefined || listed.some((o) => o.id === value);
    const picking = listed.length > 0 && known && !typed;
    select.hidden = listed.length === 0;
    input.hidden = picking;
    (picking ? select : input).id = id;
    (picking ? input : select).removeAttribute("id");
    if (select.hidden) select.removeAttribute("aria-label");
    else if (!picking) select.setAttribute("aria-label", "Known names");
    else select.removeAttribute("aria-label");
    const option = (o) => h("option", { value: o.id }, o.displayName && o.displayName !== o.id ? `${o.displayName} (${o.id})` : o.id);
    select.replaceChildren(h("option", { value: "" }, options.empty ?? "not set"), ...listed.map(option), h("option", { value: other }, "another name…"));
    select.value = picking ? value ?? "" : other;
    if (document.activeElement !== input) input.value = value ?? "";
  };
  select.addEventListener("change", () => {
    typed = select.value === other;
    if (!typed) change((value = select.value || undefined));
    show();
    if (typed) input.select(); // focuses it, too
  });
  input.addEventListener("input", () => change((value = input.value || undefined)));
  options.listen((list) => {
    listed = list;
    show();
  });
  const set = (given) => {
    value = given;
    typed = typed && given !== undefined;
    show();
  };
  return { element, set, fits: (v) => v === undefined || typeof v === "string", find: () => (input.hidden ? select : input) };
}

// isText reports whether a schema takes one text among other things.
export const isText = (schema) => types(schema).includes("string");
