// Pages and where their pictures go, in; the pictures, as wide as a page of the documentation, out: one line of JSON each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { argv, stdout } from "node:process";

const require = createRequire(new URL("../../spa/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const world = JSON.parse(readFileSync(argv[2], "utf8"));

const browser = await chromium.launch({
  executablePath: world.chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
    `--ignore-certificate-errors-spki-list=${world.trustedKey}`,
  ],
});
const context = await browser.newContext({ viewport: { width: 1000, height: 640 }, colorScheme: "light", reducedMotion: "reduce" });
for (const { name, url, click } of world.pages) {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "load" });
  for (const each of click) await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(each)]);
  await page.screenshot({ path: `${world.folder}/${name}.jpg`, type: "jpeg", quality: 72 });
  stdout.write(`${JSON.stringify({ name, heading: (await page.textContent("h1")).trim(), text: await page.innerText("body") })}\n`);
  await page.close();
}
await browser.close();
