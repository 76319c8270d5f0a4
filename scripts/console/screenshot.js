// Makes the README's picture of the console: npm ci && npm run screenshot. HANDLER names the program.
import { fileURLToPath } from "node:url";

import { field, launch, message, open } from "./browser.js";
import { startOpen } from "./program.js";

const server = await startOpen();
const browser = await launch();
const page = await open(browser, server, { viewport: { width: 1280, height: 860 } });
const say = async (model, text, streams) => {
  await page.select(field("model", "select"), model);
  await page.fill(`${message(1)} textarea`, text);
  if ((await page.$eval(".switch input", (box) => box.checked)) !== streams) await page.click(".switch input");
};
await say("echo", "A connection holds the endpoint, its key and its limit. A workflow holds none of them.", true);
await page.run();
await page.evaluate(() => scrollTo(0, 0));
await page.mouse.move(0, 0);
await page.evaluate(() => document.activeElement.blur());
await page.screenshot({ path: fileURLToPath(new URL("../../handler/console/screenshot.png", import.meta.url)), optimizeForSpeed: false });
await browser.close();
await server.stop();
