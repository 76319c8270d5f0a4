// Filling in: the form comes from the schemas, and the JSON beside it is always the same input.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { field, launch, message, open } from "./browser.js";
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

test("the actions of the connector are there, and no others", async () => {
  const { actions } = await (await fetch(`${server.url}/console/actions.json`)).json();
  const shown = await page.$$eval("[data-action]", (all) => all.map((button) => button.dataset.action));
  assert.deepEqual(shown, actions.map((action) => action.id));
  for (const action of actions) {
    await page.choose(action.id);
    assert.equal(await page.text("#action-title"), action.summary);
    assert.equal(await page.text("#action-route"), `${action.method} ${action.path}`);
    const fields = await page.$$eval("#form-view > .field, #form-view > .fold > div > .field", (all) => all.map((f) => f.dataset.name));
    const beside = await page.$$eval(".switch", (all) => all.map(() => "stream"));
    assert.deepEqual([...fields, ...beside].sort(), action.parameters.map((p) => p.name).sort());
  }
  await page.choose(actions[0].id);
});

test("a stream is offered where one can be had", async () => {
  await page.choose("GetChatCompletionsFromJson");
  assert.equal(await page.$(".switch"), null);
  await page.fill(`${message(1)} textarea`, "hi");
  assert.equal(await page.run(), "200 OK");
  await page.choose("GetChatCompletions");
  assert.ok(await page.$(".switch"));
});

test("what is required comes first, then what matters; the rest is folded", async () => {
  const open = await page.$$eval("#form-view > .field", (all) => all.map((f) => f.dataset.name));
  assert.deepEqual(open.slice(0, 2), ["messages", "model"]);
  assert.ok(!open.includes("top_p") && open.includes("temperature"), open.join());
  assert.equal(await page.$eval("details.fold", (fold) => fold.open), false);
});

test("models are those that the connection lists, and any other name", async () => {
  const { value } = await (await fetch(`${server.url}/models`)).json();
  const offered = await page.$$eval(field("model", "option"), (all) => all.map((option) => option.value).filter((v) => v && !v.startsWith("\0")));
  assert.deepEqual(offered, value.map((model) => model.id));
  await page.select(field("model", "select"), "\0other");
  await page.fill(field("model", "input"), "of-my-own");
  assert.equal((await page.raw()).model, "of-my-own");
  await page.select(field("model", "select"), "echo");
  assert.equal((await page.raw()).model, "echo");
});

test("messages are a list that is edited", async () => {
  await page.fill(`${message(1)} textarea`, "first");
  await page.click("::-p-text(Add a message)");
  await page.fill(`${message(2)} textarea`, "second");
  await page.select(`${message(2)} select`, "system");
  assert.deepEqual((await page.raw()).messages, [{ role: "user", content: "first" }, { role: "system", content: "second" }]);
  await page.click(`${message(2)} [aria-label="Move up"]`);
  assert.deepEqual((await page.raw()).messages.map((m) => m.content), ["second", "first"]);
  assert.equal(await page.$eval(`${message(1)} [aria-label="Move down"]`, (b) => b === document.activeElement), true, "focus stays with the message");
  await page.click(`${message(1)} [aria-label="Remove this message"]`);
  assert.deepEqual((await page.raw()).messages, [{ role: "user", content: "first" }]);
});

test("images are attached, as files and by address", async () => {
  const [chooser] = await Promise.all([page.waitForFileChooser(), page.click("::-p-text(Attach image…)")]);
  await chooser.accept([new URL("pixel.png", import.meta.url).pathname]);
  await page.waitForSelector(`${message(1)} img.thumbnail`);
  await page.click("::-p-text(Image by address…)");
  await page.fill(`${message(1)} input[type=url]`, "https://example.com/cat.png");
  await page.keyboard.press("Enter");
  const [{ content }] = (await page.raw()).messages;
  assert.deepEqual(content.map((part) => part.type), ["text", "image_url", "image_url"]);
  assert.match(content[1].image_url.url, /^data:image\/png;base64,/);
  assert.equal(content[2].image_url.url, "https://example.com/cat.png");
  await page.click('[aria-label="Remove image 2"]');
  await page.click('[aria-label="Remove image 1"]');
  assert.deepEqual((await page.raw()).messages, [{ role: "user", content: "first" }]);
});

test("the JSON view changes the form", async () => {
  await page.tab("JSON");
  const tools = [{ type: "function", function: { name: "weather" } }];
  const messages = [{ role: "user", content: "hi" }, { role: "assistant", tool_calls: [{ id: "1", type: "function", function: { name: "weather", arguments: "{}" } }] }, { role: "tool", tool_call_id: "1", content: "sunny" }];
  await page.fill("#raw-view textarea", JSON.stringify({ model: "tools", temperature: 0.25, stop: ["a", "b"], stream: true, seed: 1, tools, messages }));
  await page.tab("Form");
  assert.equal(await page.$eval(field("temperature"), (box) => box.value), "0.25");
  assert.equal(await page.$eval(field("model", "select"), (box) => box.value), "tools");
  assert.equal(await page.$eval(".switch input", (box) => box.checked), true);
  assert.deepEqual(await page.$$eval(field("stop", "textarea"), (all) => all.map((box) => box.value)), ["a", "b"]);
  assert.deepEqual(JSON.parse(await page.$eval(field("tools", "textarea"), (box) => box.value)), tools);
  assert.deepEqual(JSON.parse(await page.$eval(`${message(2)} textarea`, (box) => box.value)), messages[1], "what has more to it than text is JSON");
  assert.equal(await page.$eval(`${message(3)} input`, (box) => box.value), "1");
  await page.fill(field("temperature"), "0.5");
  assert.deepEqual(await page.raw(), { model: "tools", temperature: 0.5, stop: ["a", "b"], stream: true, seed: 1, tools, messages });
});

test("with a large image the JSON view is written when it is looked at", async () => {
  const image = `data:image/png;base64,${"A".repeat(300_000)}`;
  const messages = (text) => [{ role: "user", content: [{ type: "text", text }, { type: "image_url", image_url: { url: image } }] }];
  await page.tab("JSON");
  await page.$eval("#raw-view textarea", (area, value) => {
    area.value = value;
    area.dispatchEvent(new Event("input"));
  }, JSON.stringify({ messages: messages("before") }));
  await page.tab("Form");
  await page.fill(`${message(1)} textarea`, "after");
  await page.tab("JSON");
  assert.deepEqual(await page.raw(), { messages: messages("after") });
  await page.fill("#raw-view textarea", JSON.stringify({ model: "echo", messages: [{ role: "user", content: "hi" }] }));
  await page.tab("Form");
});

test("large numbers keep every digit", async () => {
  await page.unfold();
  await page.fill(field("seed"), "9223372036854775807");
  assert.match(await page.$eval("#raw-view textarea", (area) => area.value), /"seed": 9223372036854775807/);
});

test("JSON is checked as it is typed, and what is no JSON is not sent", async () => {
  const told = () => page.text('[data-name="tools"] .under .note');
  await page.fill(field("tools", "textarea"), "[{");
  assert.match(await told(), /^Not JSON yet: /);
  await page.click("#run");
  assert.match(await page.text("#run-bar [role=alert]"), /^Not JSON yet: /);
  assert.equal(await page.$eval(field("tools", "textarea"), (box) => box === document.activeElement), true);
  await page.fill(field("tools", "textarea"), '[{"type":"function","function":{}}]');
  assert.match(await told(), /^\[0\]\.function: .*name/);
  await page.fill(field("tools", "textarea"), '[{"type":"function","function":{"name":"weather"}}]');
  assert.equal(await told(), "Valid.");
});

test("fields of an object come and go with what the others say", async () => {
  const inner = () => page.$$eval('[data-name="response_format"] .group .field', (all) => all.map((f) => f.dataset.name));
  assert.deepEqual(await inner(), ["type"]);
  await page.select(field("type", "select"), "2");
  assert.deepEqual(await inner(), ["type", "json_schema", "name", "schema", "description", "strict"]);
  await page.fill(field("schema", "textarea"), '{"type":"object"}');
  await page.fill('[data-name="json_schema"] [data-name="name"] textarea, [data-name="json_schema"] [data-name="name"] input', "answer");
  assert.deepEqual((await page.raw()).response_format, { type: "json_schema", json_schema: { name: "answer", schema: { type: "object" } } });
});

test("other actions run from their forms as well", async () => {
  await page.choose("GetEmbeddings");
  await page.select(field("model", "select"), "embeddings");
  await page.fill(field("input", "textarea"), "one");
  await page.click('[data-name="input"] ::-p-text(Add a text)');
  await page.fill('[data-name="input"] li:nth-child(2) textarea', "two");
  assert.equal(await page.run(), "200 OK");
  assert.match(await page.text("#outcome .reply"), /1: 64 dimensions.*2: 64 dimensions/s);
  await page.choose("GetModelInfo");
  await page.select(field("model", "select"), "echo");
  assert.equal(await page.run(), "200 OK");
  assert.match(await page.text("#outcome .reply"), /"model_name"/);
  await page.choose("GetChatReply");
  await page.select(field("model", "select"), "json");
  await page.fill(field("user_prompt", "textarea"), "What is in it?");
  const [chooser] = await Promise.all([page.waitForFileChooser(), page.click('[data-name="image"] ::-p-text(Attach image…)')]);
  await chooser.accept([new URL("pixel.png", import.meta.url).pathname]);
  await page.waitForSelector('[data-name="image"] img.thumbnail');
  await page.fill(field("json_schema", "textarea"), "[]");
  assert.match(await page.text('[data-name="json_schema"] .under .note'), /object/);
  await page.fill(field("json_schema", "textarea"), '{"type":"object","properties":{"total":{"type":"number"}},"required":["total"]}');
  assert.equal(await page.run(), "200 OK");
  assert.match(await page.text("#outcome .reply"), /^\{\s+"total": /, "the object, once");
  await page.choose("GetChatCompletions");
  assert.equal((await page.raw()).response_format.type, "json_schema", "what was filled in is still there");
});
