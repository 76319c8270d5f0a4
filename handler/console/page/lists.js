// Boxes for lists: texts, and things with an image.
import { attach, picture } from "./images.js";
import { button, h } from "./dom.js";
import { grow, isText } from "./controls.js";

// rows keeps the elements of a list, which can be added and removed.
function rows({ id, about, change, makeRow, addLabel, least = 0 }) {
  const list = h("ol", { class: "rows" });
  let made = [];
  const changed = () => {
    list.replaceChildren(...made.map((row) => row.element));
    change(made.map((row) => row.value()));
  };
  const add = (value) => {
    const row = makeRow(value, () => change(made.map((r) => r.value())));
    row.element = h("li", {}, row.body, button("Remove", () => {
      const at = made.indexOf(row);
      made.splice(at, 1);
      changed();
      (made[Math.min(at, made.length - 1)]?.input ?? more).focus();
    }, { class: "plain small" }));
    made.push(row);
    return row;
  };
  const more = button(addLabel, () => {
    const row = add(undefined);
    changed();
    row.input.focus();
  }, { class: "small" });
  const set = (values) => {
    made = [];
    values.forEach(add);
    while (made.length < least) add(undefined);
    list.replaceChildren(...made.map((row) => row.element));
  };
  const element = h("div", { id, role: "group", "aria-describedby": about }, list, more);
  return { element, set, find: ([at]) => made[at]?.input ?? made[0]?.input ?? more };
}

// texts takes a text, or several. A single one is written as the schema has it.
export function texts({ id, about, schema, change, label }) {
  const single = isText(schema);
  const value = (list) => {
    const given = list.filter((text) => text !== "");
    if (given.length === 0) return undefined;
    return single && given.length === 1 ? given[0] : given;
  };
  const makeRow = (text, changed) => {
    const input = h("textarea", { "data-rows": 1, rows: 1, "aria-label": label, oninput: () => {
      grow(input);
      changed();
    } });
    input.value = text ?? "";
    grow(input);
    return { body: input, input, value: () => input.value };
  };
  const list = rows({ id, about, makeRow, change: (all) => change(value(all)), addLabel: "Add a text", least: 1 });
  const fits = (v) => v === undefined || (single && typeof v === "string") || (Array.isArray(v) && v.every((t) => typeof t === "string"));
  return { ...list, fits, set: (v) => list.set(v === undefined ? [] : [v].flat()) };
}

// things takes a list of objects whose members are texts; an image can be attached as a file.
export function things({ id, about, schema, change }) {
  const members = Object.entries(schema.items.properties);
  const makeRow = (given, changed) => {
    const value = { ...given };
    const boxes = members.map(([name, member]) => {
      const preview = h("span", { class: "preview" });
      const take = (text) => {
        if (text) value[name] = text;
        else delete value[name];
        preview.replaceChildren(...(name === "image" ? [picture(text)].flat() : []));
        changed();
      };
      const input = h("input", { type: "text", autocomplete: "off", oninput: () => take(input.value) });
      input.value = value[name] ?? "";
      const file = name === "image" && attach("Attach…", (url) => {
        input.value = url;
        take(url);
      });
      if (name === "image") preview.replaceChildren(...[picture(value[name])].flat());
      return { name, input, element: h("div", { class: "member" }, h("label", {}, member["x-ms-summary"] ?? name, input), file, preview) };
    });
    return { body: h("div", { class: "thing" }, boxes.map((b) => b.element)), input: boxes[0].input, value: () => value };
  };
  const list = rows({ id, about, makeRow, change: (all) => change(all.length > 0 ? all : undefined), addLabel: "Add an entry", least: 1 });
  const isPlain = (o) => o && Object.entries(o).every(([name, v]) => members.some(([m]) => m === name) && typeof v === "string");
  return { ...list, fits: (v) => v === undefined || (Array.isArray(v) && v.every(isPlain)), set: (v = []) => list.set(v) };
}
