// Copies are what they say: the curl runs, the action is the one of the README, and neither holds a key.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { launch, open } from "./browser.js";
import { callerKey, startWithKeys } from "./program.js";

let server, browser, page;
before(async () => {
  [server, browser] = await Promise.all([startWithKeys(), launch()]);
  page = await open(browser, server);
  await page.browserContext().overridePermissions(server.url, ["clipboard-read", "clipboard-sanitized-write"]);
  await page.fill("#connection .secret", callerKey);
  await page.waitForSelector('#connection option[value="team"]');
  await page.select("#connection select", "team");
  await page.tab("JSON");
});
after(async () => {
  page?.check();
  await browser?.close();
  await server?.stop();
});

// copy fills in an input and returns what is copied of it.
async function copy(input, button) {
  await page.fill("#raw-view textarea", JSON.stringify(input));
  await page.click(button);
  await page.until("dialog [role=status]", /^Copied/);
  const shown = await page.text("dialog pre");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), shown);
  assert.ok(!shown.includes(callerKey), "the key was copied");
  await page.keyboard.down("Control");
  await page.keyboard.press("Enter"); // runs nothing from here
  await page.keyboard.up("Control");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { hidden: true });
  assert.equal(await page.$(".runs tbody tr"), null);
  return shown;
}

const bash = (text) => promisify(execFile)("bash", ["-c", text], { env: { ...process.env, KEY: callerKey } }).then(({ stdout }) => stdout);

const odd = "it's \"$HOME\" `id` \\ @{x} é 😀\n<<JSON\nJSON";

test("curl", async () => {
  const text = await copy({ "api-version": "2024-05-01-preview", "extra-parameters": "drop", "more'": 1, model: "echo", messages: [{ role: "user", content: odd }] }, "#copy-curl");
  assert.match(text, /api-key: \$KEY/);
  assert.equal(JSON.parse(await bash(`${text.replace(/^curl /, "curl -s ")}`)).choices[0].message.content, odd);
});

test("a shell reads nothing in a header but its text", async () => {
  const name = "it's $HOME `id` \"x\"";
  const text = await copy({ "api-version": name, "x-ms-model-mesh-model-name": name, messages: [] }, "#copy-curl");
  const words = await bash(`curl() { printf '%s\\n' "$@"; }\n${text}`);
  assert.ok(words.split("\n").includes(`x-ms-model-mesh-model-name: ${name}`), words);
  assert.equal(new URL(words.split("\n")[0]).searchParams.get("api-version"), name);
});

test("curl of a stream", async () => {
  const text = await copy({ "api-version": "2024-05-01-preview", model: "echo", stream: true, messages: [{ role: "user", content: "hi" }] }, "#copy-curl");
  assert.match(await bash(text.replace(/^curl /, "curl -s ")), /data: \[DONE\]/);
});

test("curl of an action without a body", async () => {
  await page.choose("ListModels");
  const text = await copy({}, "#copy-curl");
  assert.deepEqual(JSON.parse(await bash(text.replace(/^curl /, "curl -s "))).value.map((model) => model.id), ["echo", "tools"]);
  await page.choose("GetChatCompletions");
});

test("the Logic Apps action has the form of the README's", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const workflow = /<!-- example: workflow -->\s*```json\n(.*?)```/s.exec(readme)[1];
  const { Ask: want } = JSON.parse(workflow).definition.actions;
  want.inputs.body.messages[0].content = "plain";
  want.inputs.uri = want.inputs.uri.replace("/chat", "/connections/team/chat");
  const text = await copy({ ...want.inputs.queries, ...want.inputs.body, stream: true }, "#copy-logic-apps");
  assert.deepEqual(JSON.parse(text), { GetChatCompletions: want });
});

test("a workflow does not read texts as expressions", async () => {
  const messages = [{ role: "user", content: "@triggerBody()" }, { role: "user", content: "mail a@b.example @{utcNow()}" }];
  const text = await copy({ "api-version": "2024-05-01-preview", model: "echo", messages, response_format: { type: "text", "@type": 1, "@{a}": 2 } }, "#copy-logic-apps");
  const { body } = JSON.parse(text).GetChatCompletions.inputs;
  assert.deepEqual(Object.keys(body.response_format), ["type", "@@type", "@@{a}"]);
  assert.deepEqual(body.messages.map((m) => m.content), ["@@triggerBody()", "mail a@b.example @@{utcNow()}"]);
});
