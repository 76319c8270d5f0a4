// One message of a conversation. What has more to it than a text and images is edited as JSON.
import { attach, picture } from "./images.js";
import { button, h } from "./dom.js";
import { code } from "./code.js";
import { grow } from "./controls.js";
import { resolve } from "./schema.js";

// simple reads a message as the editor shows it, undefined when it has more to it.
function simple({ role, content, tool_call_id: call, ...more }) {
  if (Object.keys(more).length > 0 || typeof role !== "string") return undefined;
  if (content === undefined || typeof content === "string") return { role, text: content, images: [], call };
  if (!Array.isArray(content)) return undefined;
  const [first, ...rest] = content[0]?.type === "text" ? content : [{ text: undefined }, ...content];
  const images = rest.map((part) => (part?.type === "image_url" && Object.keys(part.image_url ?? {}).join() === "url" ? part.image_url.url : undefined));
  if (first.text !== undefined && typeof first.text !== "string") return undefined;
  return images.includes(undefined) || typeof first !== "object" ? undefined : { role, text: first.text, images, call };
}

// written is the message that the editor stands for.
function written({ role, text, images, call }) {
  const named = call === undefined ? {} : { tool_call_id: call };
  if (images.length === 0) return { role, ...named, ...(text === undefined ? {} : { content: text }) };
  const parts = images.map((url) => ({ type: "image_url", image_url: { url } }));
  return { role, ...named, content: text ? [{ type: "text", text }, ...parts] : parts };
}

export function message({ value: given, schema, defs, changed, remove, move }) {
  let value = given;
  let parts = simple(given);
  let wrong = "";
  let boxes = {};
  const one = resolve(schema.items, defs);
  const roles = one.properties.role.enum;

  const take = (next) => {
    parts = { ...parts, ...next };
    value = written(parts);
    changed();
  };
  const up = button("↑", () => move(self, -1), { class: "plain small", "aria-label": "Move up", title: "Move up" });
  const down = button("↓", () => move(self, 1), { class: "plain small", "aria-label": "Move down", title: "Move down" });
  const asJSON = button("JSON", () => {
    parts = parts ? undefined : simple(value);
    show();
    self.input().focus();
  }, { class: "plain small", "aria-label": "Edit this message as JSON" });
  const away = button("✕", () => remove(self), { class: "plain small", "aria-label": "Remove this message", title: "Remove" });
  const element = h("li", { class: "message" });

  const show = () => {
    asJSON.setAttribute("aria-pressed", String(!parts));
    asJSON.disabled = !parts && !simple(value);
    boxes = parts ? editor() : raw();
    const [left, ...rest] = boxes.elements;
    element.dataset.role = value.role ?? "";
    element.replaceChildren(h("div", { class: "message-head" }, left, h("span", { class: "tools" }, asJSON, up, down, away)), ...rest);
  };

  const raw = () => {
    const box = code({ label: "Message as JSON", schema: one, defs, change: (next, problem) => {
      wrong = problem;
      if (next && typeof next === "object" && !Array.isArray(next)) value = next;
      else wrong ||= "A message is an object.";
      asJSON.disabled = Boolean(wrong) || !simple(value);
      changed();
    } });
    box.set(value);
    return { elements: [h("span", { class: "label" }, value.role ?? "message"), box.element], content: box.find() };
  };

  const editor = () => {
    wrong = "";
    const role = h("select", { "aria-label": "Role", onchange: () => {
      take({ role: role.value, call: role.value === "tool" ? parts.call ?? "" : undefined, images: role.value === "user" ? parts.images : [] });
      show();
      boxes.role.focus();
    } }, [...new Set([...roles, parts.role])].map((r) => h("option", { value: r }, r)));
    role.value = parts.role;
    const content = h("textarea", { "aria-label": "Text", "data-rows": 2, rows: 2, placeholder: "What is said", oninput: () => {
      grow(content);
      take({ text: content.value });
    } });
    content.value = parts.text ?? "";
    grow(content);
    const call = parts.call === undefined ? null : h("input", { type: "text", "aria-label": "Tool call that this answers", placeholder: "id of the tool call", autocomplete: "off" });
    if (call) {
      call.value = parts.call;
      call.addEventListener("input", () => take({ call: call.value }));
    }
    return { elements: [role, call, content, parts.role === "user" && images()].filter(Boolean), role, content, call };
  };

  const images = () => {
    const add = (url) => {
      take({ images: [...parts.images, url] });
      show();
    };
    const address = h("input", { type: "url", "aria-label": "Address of an image", placeholder: "https://… or data:", autocomplete: "off", hidden: true });
    const byAddress = button("Image by address…", () => {
      if (address.value.trim()) return add(address.value.trim());
      address.hidden = false;
      address.focus();
    }, { class: "plain small" });
    address.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      byAddress.click();
    });
    address.addEventListener("input", () => (byAddress.textContent = address.value ? "Add" : "Image by address…"));
    const chips = parts.images.map((url, at) => h("span", { class: "chip" }, picture(url), button("✕", () => {
      take({ images: parts.images.filter((_, i) => i !== at) });
      show();
      boxes.content.focus();
    }, { class: "plain small", "aria-label": `Remove image ${at + 1}` })));
    return h("div", { class: "attach" }, chips, attach("Attach image…", add), address, byAddress);
  };

  const self = {
    element,
    value: () => value,
    problem: () => wrong,
    input: () => boxes.content,
    find: ([member]) => (member === "role" && boxes.role) || (member === "tool_call_id" && boxes.call) || boxes.content,
    place: (at, count) => {
      element.setAttribute("aria-label", `Message ${at + 1} of ${count}`);
      up.disabled = at === 0;
      down.disabled = at === count - 1;
    },
    focusMove: (by) => {
      const [first, second] = by < 0 ? [up, down] : [down, up];
      (first.disabled ? second : first).focus();
    },
  };
  show();
  return self;
}
