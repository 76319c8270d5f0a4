// Making elements. Text is always text here, never markup.

// h makes an element: h("p", { class: "quiet", onclick: f }, "text", child).
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let last = 0;

// newID is a new id for an element that others refer to.
export const newID = (word) => `${word}-${++last}`;

// button is one that submits nothing.
export const button = (label, onclick, attributes = {}) => h("button", { type: "button", onclick, ...attributes }, label);

// tabs shows one of several panels: [{ name, label, panel, onshow }]. It returns their bar, and how to choose.
export function tabs(label, panels) {
  const choose = (name, focus) => {
    for (const { panel, tab, ...p } of made) {
      const chosen = p.name === name;
      panel.hidden = !chosen;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) p.onshow?.();
      if (chosen && focus) tab.focus();
    }
  };
  const made = panels.map((p) => {
    p.panel.id ||= newID("panel");
    p.panel.setAttribute("role", "tabpanel");
    const tab = button(p.label, () => choose(p.name), { role: "tab", id: newID("tab"), "aria-controls": p.panel.id });
    p.panel.setAttribute("aria-labelledby", tab.id);
    return { ...p, tab };
  });
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const now = made.findIndex((p) => p.tab === document.activeElement);
    choose(made[(now + step + made.length) % made.length].name, true);
    event.preventDefault();
  };
  const bar = h("div", { role: "tablist", "aria-label": label, class: "tablist", onkeydown: move }, made.map((p) => p.tab));
  choose(made[0].name);
  return { bar, choose };
}
