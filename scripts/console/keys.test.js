// With keys: which connections there are, whose limit is used up, and where a key may be found afterwards.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { field, launch, message, open } from "./browser.js";
import { callerKey, startWithKeys } from "./program.js";

let server, browser, page;
before(async () => {
  [server, browser] = await Promise.all([startWithKeys(), launch()]);
  page = await open(browser, server);
});
after(async () => {
  page?.check();
  await browser?.close();
  await server?.stop();
});

const connections = () => page.$$eval("#connection select option", (all) => all.map((option) => option.value).filter((v) => v && !v.startsWith("\0")));

test("without a key nothing is told but that one is needed", async () => {
  await page.until("#connection .note", /needs a valid key/);
  assert.deepEqual(await connections(), []);
  assert.equal(await page.run(), "401 Unauthenticated");
});

test("a wrong key is told as such", async () => {
  await page.fill("#connection .secret", "not-a-key-0123456789abcdef0123456789");
  await page.until("#connection .note.bad", /needs a valid key/);
  await page.fill("#connection .secret", "");
});

test("with a key its connections are offered, and their models", async () => {
  await page.fill("#connection .secret", callerKey);
  await page.waitForSelector('#connection option[value="team"]');
  assert.deepEqual(await connections(), ["brought", "narrow", "team"]);
  await page.select("#connection select", "team");
  await page.waitForSelector(`${field("model", "option")}[value="tools"]`);
  await page.fill(`${message(1)} textarea`, "hi");
  assert.equal(await page.run(), "200 OK");
});

test("a connection of others looks like one that is not there", async () => {
  const told = [];
  const asked = page.requested.length;
  for (const name of ["hidden", "nowhere"]) {
    await page.select("#connection select", "\0other");
    await page.focus("#connection .named input");
    await page.keyboard.type(name);
    assert.equal(await page.run(), "404 NotFound");
    told.push(await page.text("#outcome [role=alert]"));
    await page.select("#connection select", "team");
  }
  assert.equal(told[0], told[1]);
  const half = page.requested.slice(asked).filter((url) => /connections\/(?!hidden\/|nowhere\/|team\/)/.test(url));
  assert.deepEqual(half, [], "nothing is asked of a name that is still being typed");
});

test("the gauge empties, counts down to the next free slot, and tells when it is there", async () => {
  await page.select("#connection select", "narrow");
  await page.waitForSelector(`${field("model", "option")}[value="throttled"]`);
  await page.select(field("model", "select"), "echo");
  const meter = () => page.$eval("#gauge [role=meter]", (m) => [m.getAttribute("aria-valuenow"), m.getAttribute("aria-valuemax")]);
  assert.equal(await page.run(), "200 OK");
  assert.deepEqual(await meter(), ["1", "2"]);
  assert.equal(await page.run(), "200 OK");
  assert.match(await page.text("#gauge"), /^0 of 2 calls left/);
  assert.equal(await page.run(), "429 RateLimitExceeded");
  const seconds = async () => Number(/Next free slot in (\d+) s/.exec(await page.text("#gauge"))?.[1] ?? 0);
  const first = await seconds();
  assert.ok(first > 0, await page.text("#gauge"));
  await page.waitForFunction((from) => Number(/in (\d+) s/.exec(document.querySelector("#gauge").textContent)?.[1] ?? from) < from, {}, first);
  await page.until("#gauge", /A slot is free/);
  assert.equal(await page.run(), "200 OK");
  await page.select("#connection select", "team");
  await page.until("#gauge", /of 100 calls left/);
});

test("another's wait is counted down too, under its own name", async () => {
  await page.select("#connection select", "narrow");
  await page.waitForSelector(`${field("model", "option")}[value="throttled"]`);
  await page.select(field("model", "select"), "throttled");
  assert.match(await page.run(), /^429 /);
  assert.match(await page.text("#gauge"), /^The endpoint asks to wait \d+ s/);
});

test("an endpoint that is brought goes with the call, and its key", async () => {
  await page.setRequestInterception(true);
  const sent = [];
  page.on("request", (request) => {
    if (!request.url().includes("/chat/completions")) return request.continue();
    sent.push([new URL(request.url()).pathname, request.headers()]);
    request.abort();
  });
  await page.select("#connection select", "brought");
  assert.equal(await page.text("#connection .box:nth-child(2) label"), "Key of that endpoint");
  await page.fill("#connection input[type=url]", "https://own.models.ai.azure.com");
  await page.fill("#connection .secret", "key-of-that-endpoint");
  await page.fill("#connection .box:nth-child(4) input", callerKey);
  await page.run();
  const [[path, headers]] = sent;
  assert.equal(path, "/connections/brought/chat/completions");
  assert.deepEqual([headers["x-model-endpoint"], headers["api-key"], headers["x-connector-key"]], ["https://own.models.ai.azure.com", "key-of-that-endpoint", callerKey]);
  await page.click("#copy-curl");
  const shown = await page.text("dialog pre");
  assert.match(shown, /x-model-endpoint: https:\/\/own\.models.*"api-key: \$KEY".*"x-connector-key: \$CONNECTOR_KEY"/s);
  assert.ok(!shown.includes("key-of-that-endpoint") && !shown.includes(callerKey));
  await page.keyboard.press("Escape");
});

test("the key is in memory only", async () => {
  const kept = await page.evaluate(async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state,
    await indexedDB.databases(), await caches.keys(), [...document.querySelectorAll("[value]")].map((e) => e.getAttribute("value")), document.documentElement.outerHTML,
  ]));
  assert.ok(!kept.includes(callerKey), "the key was found");
  assert.deepEqual(page.requested.filter((url) => url.includes(callerKey)), []);
  const box = await page.$eval("#connection .secret", (b) => [b.autocomplete, b.form, getComputedStyle(b).webkitTextSecurity]);
  assert.deepEqual(box, ["off", null, "disc"]);
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  assert.equal(await page.$eval("#connection .secret", (b) => b.value), "");
});
