// A box for JSON, checked as it is typed.
import { button, h, newID } from "./dom.js";
import { check, notJSON } from "./check.js";
import { grow } from "./controls.js";
import { parse, print } from "./json.js";

// code makes the box. change(value, problem) is called as it is typed in: with a problem, the text is not JSON.
export function code({ id, about, schema, defs, change, label, most }) {
  const told = newID("checked");
  const area = h("textarea", { id, class: "code", spellcheck: "false", autocomplete: "off", "aria-describedby": `${about ?? ""} ${told}`, "aria-label": label, "data-rows": 3, "data-most": most, rows: 3 });
  const note = h("p", { id: told, class: "note", "aria-live": "polite" });
  const tidy = button("Tidy", () => {
    try {
      set(parse(area.value));
    } catch {
      area.focus();
    }
  }, { class: "plain small", title: "Indent the JSON" });

  const judge = () => {
    if (area.value.trim() === "") return say("", undefined);
    try {
      const value = parse(area.value);
      const wrong = check(schema, defs, value);
      say(wrong || "Valid.", value, wrong ? "warn" : "good");
    } catch (error) {
      say(notJSON(error), undefined, "bad", true);
    }
  };
  let outcome;
  const say = (text, value, kind = "", broken = false) => {
    note.textContent = text;
    note.className = `note ${kind}`;
    outcome = [value, broken ? text : ""];
  };
  area.addEventListener("input", () => {
    grow(area);
    judge();
    change(...outcome);
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) indent(event, area);
  });
  const set = (value) => {
    area.value = value === undefined ? "" : print(value);
    grow(area);
    judge();
  };
  set(undefined);
  const element = h("div", { class: "code-box" }, area, h("div", { class: "under" }, note, tidy));
  return { element, set, fits: () => true, find: () => area, length: () => area.value.length };
}

// indent begins a new line as far in as the one before it. The Tab key stays free to leave the box.
function indent(event, area) {
  const before = area.value.slice(0, area.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const deeper = /[[{]\s*$/.test(line) ? "  " : "";
  area.setRangeText(`\n${line.match(/^\s*/)[0]}${deeper}`, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input"));
  event.preventDefault();
}
