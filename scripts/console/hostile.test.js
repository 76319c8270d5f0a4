// Endpoints and people write what they like: none of it becomes markup, none of it stops the page, and the call that
// is sent is the one that was written.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { field, launch, message, open, said } from "./browser.js";
import { startAt } from "./program.js";

const markup = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';
const usage = { prompt_tokens: 1, completion_tokens: null, total_tokens: 1 };
const call = (index, id, name, written) => ({ index, id, type: "function", function: { name, arguments: written } });

// What the endpoint answers, by model: a message, or events.
const messages = {
  markup: { content: markup, reasoning_content: markup, tool_calls: [call(0, "1", markup, markup)] },
  odd: { content: [{ type: "text", text: "hi" }], reasoning_content: { a: 1 }, tool_calls: { a: 1 } },
  long: { content: "word ".repeat(200_000) },
};
const events = {
  markup: [{ content: markup }],
  odd: [{ content: ["x"], reasoning_content: 1, tool_calls: { a: 1 } }, { content: "fine", tool_calls: [null] }],
  tools: [[0, "a", "one", '{"a":'], [1, "b", "two", '{"b":'], [0, "a", undefined, "1}"], [1, "b", undefined, "2}"]].map((c) => ({ tool_calls: [call(...c)] })),
  long: Array.from({ length: 5000 }, (_, i) => ({ content: `${i} ` })),
};
const choices = (delta) => [{ index: 0, delta }];
const several = [[{ index: 1, delta: { content: "second" } }], [{ index: 0, delta: { content: "first" } }]];

let endpoint, server, browser, page, latest, release;
before(async () => {
  endpoint = createServer(async (request, response) => {
    latest = "";
    for await (const piece of request.setEncoding("utf8")) latest += piece;
    const { model, stream } = JSON.parse(latest);
    response.setHeader("Content-Type", stream ? "text/event-stream" : "application/json");
    const head = { id: "1", created: 1, model: markup };
    const say = (list) => response.write(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: list })}\n\n`);
    if (!stream) return response.end(JSON.stringify({ ...head, object: "chat.completion", usage, choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", ...messages[model] } }] }));
    if (model === "several") several.forEach(say);
    else events[model].map(choices).forEach(say);
    if (model === "long") await new Promise((resolve) => (release = resolve));
    return response.end("data: [DONE]\n\n");
  }).listen(0, "127.0.0.1");
  await once(endpoint, "listening");
  [server, browser] = await Promise.all([startAt(`http://127.0.0.1:${endpoint.address().port}/models`), launch()]);
  page = await open(browser, server);
});
after(async () => {
  page?.check();
  await browser?.close();
  await server?.stop();
  endpoint?.close();
});

// send runs an input that is written as JSON.
async function send(input) {
  await write(input);
  return page.run();
}

async function write(input) {
  await page.tab("JSON");
  await page.$eval("#raw-view textarea", (area, text) => {
    area.value = text;
    area.dispatchEvent(new Event("input"));
  }, typeof input === "string" ? input : JSON.stringify({ "api-version": "2024-05-01-preview", messages: [{ role: "user", content: "hi" }], ...input }));
}

test("markup stays text", async () => {
  for (const stream of [false, true]) {
    assert.equal(await send({ model: "markup", stream }), "200 OK");
    assert.equal(await page.$eval(said, (p) => p.closest(".reply").textContent.includes("<script>window.broken=1</script>")), true);
  }
  assert.deepEqual(await page.evaluate(() => ["broken" in window, document.querySelectorAll("main img, .runs img, main script").length]), [false, 0]);
});

test("what is of another kind than expected is left to the JSON view", async () => {
  assert.equal(await send({ model: "odd" }), "200 OK");
  assert.match(await page.text("#outcome .reply"), /"tool_calls"/);
  assert.equal(await send({ model: "odd", stream: true }), "200 OK");
  assert.equal(await page.text(said), "fine");
});

test("calls of tools that come at the same time are told apart", async () => {
  assert.equal(await send({ model: "tools", stream: true }), "200 OK");
  const calls = await page.$$eval("#outcome .call", (all) => all.map((c) => c.textContent.replace(/\s/g, "")));
  assert.deepEqual(calls, ['Callsone{"a":1}', 'Callstwo{"b":2}']);
});

test("of several choices the first is shown", async () => {
  assert.equal(await send({ model: "several", stream: true }), "200 OK");
  assert.equal(await page.text(said), "first");
});

test("a long reply stays in its box, and is followed while it comes", async () => {
  assert.equal(await send({ model: "long" }), "200 OK");
  assert.equal((await page.text(said)).length, 1_000_000);
  assert.ok(await page.evaluate(() => document.querySelector("#result").offsetHeight <= innerHeight));
  const runs = () => page.$$eval(".runs tbody tr", (all) => all.length);
  const before = await runs();
  await write({ model: "long", stream: true });
  await page.evaluate(() => {
    document.querySelector("#run").click();
    document.querySelector("#run").click();
  });
  await page.until(said, / 4999 /);
  await page.waitForFunction(() => document.querySelector("#result").scrollTop > 0);
  await page.$eval("#result", (box) => (box.scrollTop = 0));
  release();
  await page.until("#status", /^200 OK$/);
  assert.equal(await page.$$eval("#outcome .events > li", (all) => all.length), 5001);
  assert.equal(await page.$eval("#result", (box) => box.scrollTop), 0, "who reads the beginning is left there");
  assert.equal(await runs(), before + 1, "pressed twice, it ran once");
});

test("every member of an input travels, with every digit", async () => {
  await send('{"api-version":"2024-05-01-preview","extra-parameters":"pass-through","model":"markup","messages":[{"role":"user","content":"hi"}],"__proto__":{"a":1},"constructor":2,"big":12345678901234567890}');
  assert.match(latest, /"__proto__":\{"a":1\}/);
  assert.match(latest, /"constructor":2\b.*12345678901234567890|12345678901234567890.*"constructor":2\b/);
  assert.equal(await page.evaluate(() => ({}).a), undefined);
  const beyond = '{"api-version":"2024-05-01-preview","model":"markup","temperature":1e400,"messages":[{"role":"user","content":"hi"}]}';
  assert.match(await send(beyond), /^4\d\d /, "it is not sent as null");
});

test("what no header can carry is told where it was written", async () => {
  latest = "nothing";
  assert.equal(await send({ model: "markup", "extra-parameters": "pass-\nthrough" }), "Not sent");
  assert.equal(latest, "nothing");
  assert.match(await page.text('[data-name="extra-parameters"] > .error'), /no header can carry/);
  await page.fill("#connection .secret", "ключ");
  await page.until("#connection .note.bad", /^api-key holds a character/);
});
