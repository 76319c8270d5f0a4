// Images that a person attaches. They are never fetched: only those that are here are shown.
import { button, h } from "./dom.js";

// attach is a button that reads an image file into a data URL.
export function attach(label, take, accept = "image/*") {
  const input = h("input", { type: "file", accept, hidden: true, tabindex: "-1", "aria-label": label });
  input.addEventListener("change", async () => {
    for (const file of input.files) take(await read(file), file.name);
    input.value = "";
  });
  return h("span", {}, button(label, () => input.click(), { class: "plain small" }), input);
}

function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

// picture shows an image that is here, or the name of one that is elsewhere.
export function picture(url) {
  if (!url) return [];
  if (/^data:image\//.test(url)) return h("img", { src: url, alt: "attached image", class: "thumbnail" });
  return h("span", { class: "mono quiet cut", title: url }, url);
}

// image is a box for one: its address, or a file that is attached.
export function image({ id, about, change }) {
  const input = h("input", { type: "text", id, autocomplete: "off", "aria-describedby": about, placeholder: "https://… or data:" });
  const preview = h("span", { class: "preview" });
  const show = (url = "") => {
    input.value = url;
    preview.replaceChildren(...[picture(url)].flat());
  };
  const take = (url) => {
    show(url);
    change(url || undefined);
  };
  input.addEventListener("change", () => take(input.value));
  input.addEventListener("input", () => change(input.value || undefined));
  const element = h("div", {}, h("div", { class: "row pictured" }, input, attach("Attach image…", take)), preview);
  return { element, set: show, fits: (value) => value === undefined || typeof value === "string", find: () => input };
}
