// Running: what comes is shown as it comes, with its numbers, and what went wrong where it was filled in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { field, launch, message, open, said } from "./browser.js";
import { startOpen } from "./program.js";

let server, browser, page;
before(async () => {
  [server, browser] = await Promise.all([startOpen(), launch()]);
  page = await open(browser, server);
});
after(async () => {
  page?.check();
  await browser?.close();
  await server?.stop();
});

const ask = async (model, text, streams) => {
  await page.select(field("model", "select"), model);
  await page.fill(`${message(1)} textarea`, text);
  if ((await page.$eval(".switch input", (box) => box.checked)) !== streams) await page.click(".switch input");
};
const number = (name) => page.$$eval("#outcome .numbers div", (all, n) => all.find((d) => d.firstChild.textContent === n)?.lastChild.textContent, name);

test("a whole answer", async () => {
  await ask("echo", "one two three", false);
  assert.equal(await page.run(), "200 OK");
  assert.equal(await page.text(said), "one two three");
  assert.deepEqual([await number("Prompt tokens"), await number("Reply tokens"), await number("All tokens")], ["3", "3", "6"]);
  assert.equal(await number("First event"), "–");
  assert.match(await number("Total"), /^[\d.]+ m?s$/);
  assert.match(await page.text("#gauge"), /^99 of 100 calls left/);
  await page.tab("Headers");
  assert.match(await page.text("#outcome .headers"), /x-ms-request-id/);
});

test("a stream is shown as it comes", async () => {
  await ask("slow", "alpha beta gamma", true);
  await page.click("#run");
  await page.until(said, /^alpha( beta)?$/);
  assert.equal(await page.text("#status"), "streaming");
  await page.until("#status", /^200 OK$/);
  assert.equal(await page.text(said), "alpha beta gamma");
  assert.deepEqual([await number("Prompt tokens"), await number("Reply tokens")], ["3", "3"]);
  const [first, total] = [await number("First event"), await number("Total")].map(parseFloat);
  assert.ok(first > 0 && total >= first, `${first} s, ${total} s`);
});

test("each event can be unfolded", async () => {
  await page.tab("Events");
  const kinds = await page.$$eval("#outcome .events li", (all) => all.map((li) => li.querySelector(".cut").textContent));
  assert.equal(kinds.at(-1), "[DONE]");
  await page.click("#outcome .events li:nth-child(2) summary");
  await page.until("#outcome .events li:nth-child(2) pre", /"content": "alpha/);
});

test("a call of a tool is told", async () => {
  await ask("tools", "weather", true);
  await page.unfold();
  await page.fill(field("tools", "textarea"), '[{"type":"function","function":{"name":"weather"}}]');
  assert.equal(await page.run(), "200 OK");
  assert.match(await page.text("#outcome .call"), /^Calls weather/);
  await page.fill(field("tools", "textarea"), "");
});

test("cancelling ends the call", async () => {
  await ask("hangs", "for ever", false);
  await page.click("#run");
  await page.waitForSelector("#cancel:not([hidden])");
  await page.click("#cancel");
  await page.until("#status", /^cancelled$/);
  await page.waitForSelector("#run:not([hidden])");
});

test("a stream that breaks off keeps what came", async () => {
  await ask("breaks", "one two", true);
  assert.equal(await page.run(), "UpstreamStreamBroken");
  assert.match(await page.text(said), /^The connection/);
  assert.match(await page.text("#outcome [role=alert]"), /broke off/);
});

test("a refusal of the endpoint is told in its words", async () => {
  await ask("filtered", "anything", false);
  assert.equal(await page.run(), "400 content_filter");
  assert.match(await page.text("#outcome [role=alert]"), /content/);
});

test("422: the fields are marked, with what is wrong beside them, and the first has the focus", async () => {
  await ask("echo", "hi", false);
  await page.fill(field("temperature"), "3");
  await page.fill(field("top_p"), "-1");
  await page.$eval("details.fold", (fold) => (fold.open = false));
  await page.click("::-p-text(Add a message)");
  await page.click(`${message(2)} [aria-label="Edit this message as JSON"]`);
  await page.fill(`${message(2)} textarea`, '{"role":"tool"}');
  assert.equal(await page.run(), "422 ValidationFailed");
  const told = await page.$eval("#outcome .notice", (notice) => notice.textContent);
  const wrong = await page.$$eval(".field.wrong", (all) => all.map((f) => [f.dataset.name, f.querySelector(":scope > .error").textContent, f.querySelectorAll('[aria-invalid="true"]').length]));
  assert.deepEqual(wrong.map(([name, , boxes]) => [name, boxes]), [["messages", 1], ["temperature", 1], ["top_p", 1]]);
  for (const [name, sentence] of wrong) assert.ok(sentence.startsWith(name) && told.includes(sentence), sentence);
  assert.equal(await page.$eval("details.fold", (fold) => fold.open), true, "what is folded away is shown");
  assert.equal(await page.$eval(`${message(2)} textarea`, (box) => box === document.activeElement), true);
  const about = await page.$eval(field("temperature"), (box) => box.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent).join(" "));
  assert.match(about, /must be between 0 and 1, not 3/, "it is read out with the box");
  await page.click("#outcome .notice li:nth-child(2) button");
  assert.equal(await page.$eval(field("temperature"), (box) => box === document.activeElement), true, "the answer leads to the field");
  await page.fill(field("temperature"), "0.3");
  assert.equal(await page.$(".field.wrong[data-name=temperature]"), null, "a change takes the mark away");
  await page.click(`${message(2)} [aria-label="Remove this message"]`);
  await page.fill(field("top_p"), "1");
  assert.equal(await page.run(), "200 OK");
});

test("400: a header that is wrong is marked as well", async () => {
  await page.fill(field("api-version"), "yesterday");
  assert.equal(await page.run(), "400 UnsupportedApiVersion");
  assert.match(await page.text('[data-name="api-version"] > .error'), /must be a date/);
  await page.fill(field("api-version"), "2024-05-01-preview");
});

test("runs are compared side by side", async () => {
  const pick = async (id) => page.click(`[aria-label="Pick run ${id}"]`);
  const rows = await page.$$eval(".runs tbody tr", (all) => all.map((row) => row.querySelector("th").textContent));
  assert.ok(rows.length > 5);
  assert.equal(rows[0], `#${rows.length}`, "the latest is first");
  assert.equal(await page.$eval("#compare", (b) => b.disabled), true);
  await pick(1);
  await pick(2);
  await page.click("#compare");
  const line = (name) => page.$$eval(".comparison tbody tr", (all, n) => {
    const row = all.find((r) => r.querySelector("th").firstChild?.textContent === n);
    return { differs: row.classList.contains("differs"), cells: [...row.querySelectorAll("td")].map((td) => td.textContent) };
  }, name);
  assert.deepEqual(await line("model"), { differs: true, cells: ["echo", "slow"] });
  assert.deepEqual(await line("stream"), { differs: true, cells: ["not set", "true"] });
  assert.deepEqual(await line("api-version"), { differs: false, cells: ["2024-05-01-preview", "2024-05-01-preview"] });
  assert.deepEqual((await line("reply")).cells, ["one two three", "alpha beta gamma"]);
  assert.deepEqual((await line("prompt tokens")).cells, ["3", "3"]);
  assert.match((await line("total")).cells[0], /^[\d.]+ m?s/);
});

test("the input of a run is used again", async () => {
  await page.click('[aria-label="Use input of run 2"]');
  const { model, messages } = await page.raw();
  assert.deepEqual([model, messages], ["slow", [{ role: "user", content: "alpha beta gamma" }]]);
});
