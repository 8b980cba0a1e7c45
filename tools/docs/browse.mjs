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
// One tab a scheme: each new one is a window of its own, which costs more than most of these pages.
const light = await tab("light");
const dark = await tab("dark");
const seen = new Set();
for (const name of pages) {
  const complaints = await light.visit(name);
  // The dark scheme differs in its colours alone, so a page of elements that were all seen in it says nothing new.
  const fresh = (await light.elements()).filter((each) => !seen.has(each));
  if (fresh.length) complaints.push(...(await dark.visit(name)));
  for (const each of fresh) seen.add(each);
  say({ page: name, complaints });
}

async function tab(colorScheme) {
  const page = await (await browser.newContext({ colorScheme })).newPage();
  let complaints = [];
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("request", (request) => request.url().startsWith(origin) || request.url().startsWith("data:") || complaints.push(`asks ${request.url()}`));
  page.on("response", (response) => response.status() >= 400 && complaints.push(`${response.status()}: ${response.url()}`));
  // Each page would index all of them anew in its worker, which costs more than all else here; the search has its own turn below.
  const index = JSON.parse(readFileSync(join(site, "search/search_index.json"), "utf8"));
  await page.route("**/search_index.json", (route) => route.fulfill({ json: { ...index, docs: [] } }));
  return { visit, elements };

  async function visit(name) {
    complaints = [];
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${origin}/${name}`, { waitUntil: "load" });
    if (await page.locator("pre.mermaid, div.mermaid").count()) {
      const drawn = await page.waitForFunction(() => [...document.querySelectorAll("div.mermaid")].some((each) => each.offsetHeight > 50), null, { timeout: 20_000 }).catch(() => null);
      if (!drawn) complaints.push("a diagram is not drawn");
    }
    await page.evaluate(AXE);
    const rules = colorScheme === "dark" ? { runOnly: ["color-contrast"] } : {};
    const found = await page.evaluate(async (only) => (await globalThis.axe.run(document, { ...only, resultTypes: ["violations"] })).violations, rules);
    complaints.push(...found.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) => `${colorScheme}: ${id}: ${help}: ${node.html.slice(0, 200)}`)));
    if (screenshots && ["index.html", "troubleshooting.html", "architecture.html"].includes(name)) {
      await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}.png`) });
    }
    await page.setViewportSize({ width: 320, height: 700 });
    const { scroll, width } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: document.documentElement.clientWidth }));
    if (scroll > width) complaints.push(`wider than a phone: ${scroll} > ${width}`);
    return complaints;
  }

  // What gives text its colours: each kind of element, in the kind that it stands in.
  async function elements() {
    const kind = "(each) => each ? `${each.tagName}.${each.getAttribute('class') ?? ''}` : ''";
    return page.evaluate(`[...new Set([...document.querySelectorAll("body *")].map((each) => (${kind})(each) + " < " + (${kind})(each.parentElement)))]`);
  }
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
