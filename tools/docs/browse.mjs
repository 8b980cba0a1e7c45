// The folder of the built site and words to search for in; what axe, the width of a phone, the network and the search complain of,
// as JSON lines, out: one line a page, one a word that is not found.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { argv, stdout } from "node:process";

const require = createRequire(new URL("../../spa/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { site, words, screenshots } = JSON.parse(readFileSync(argv[2], "utf8"));
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };

const server = createServer((request, response) => {
  const path = join(site, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  try {
    const body = readFileSync(statSync(path).isDirectory() ? join(path, "index.html") : path);
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "text/html" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const say = (line) => stdout.write(`${JSON.stringify(line)}\n`);

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const pages = readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html")).sort();
const contexts = {};
for (const colorScheme of ["light", "dark"]) contexts[colorScheme] = await browser.newContext({ colorScheme });
for (const name of pages) {
  const complaints = [];
  for (const [colorScheme, context] of Object.entries(contexts)) {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
    page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
    page.on("request", (request) => request.url().startsWith(origin) || request.url().startsWith("data:") || complaints.push(`asks ${request.url()}`));
    page.on("response", (response) => response.status() >= 400 && complaints.push(`${response.status()}: ${response.url()}`));
    await page.goto(`${origin}/${name}`, { waitUntil: "load" });
    if (await page.locator("pre.mermaid, div.mermaid").count()) {
      const drawn = await page.waitForFunction(() => [...document.querySelectorAll("div.mermaid")].some((each) => each.offsetHeight > 50), null, { timeout: 20_000 }).catch(() => null);
      if (!drawn) complaints.push("a diagram is not drawn");
    }
    await page.evaluate(AXE);
    // The dark page differs in its colours alone.
    const rules = colorScheme === "dark" ? { runOnly: ["color-contrast"] } : {};
    const found = await page.evaluate(async (only) => (await globalThis.axe.run(document, { ...only, resultTypes: ["violations"] })).violations, rules);
    complaints.push(...found.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) => `${colorScheme}: ${id}: ${help}: ${node.html.slice(0, 200)}`)));
    if (screenshots && ["index.html", "troubleshooting.html", "architecture.html"].includes(name)) {
      await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}.png`) });
    }
    await page.setViewportSize({ width: 320, height: 700 });
    const { scroll, width } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: document.documentElement.clientWidth }));
    if (scroll > width) complaints.push(`wider than a phone: ${scroll} > ${width}`);
    await page.close();
  }
  say({ page: name, complaints });
}

const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(`${origin}/index.html`);
for (const word of words) {
  await page.fill("input.md-search__input", word);
  await page.press("input.md-search__input", "End"); // it listens to keys
  const hit = page.locator(".md-search-result__link", { hasText: word }).first();
  const found = await hit.waitFor({ state: "attached", timeout: 10_000 }).then(() => hit.getAttribute("href"), () => null);
  say({ word, found });
}
await browser.close();
server.close();
