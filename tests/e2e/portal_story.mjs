// The portal as a person uses it, and as pages of other origins attack it, in one Chromium; what was seen, as JSON lines, out.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { argv, stdout } from "node:process";

const world = JSON.parse(readFileSync(argv[2], "utf8"));
const require = createRequire(new URL("../../spa/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const PORTAL = `${world.origin}/portal/contoso.onmicrosoft.com`;
const tell = (name, seen) => stdout.write(`${JSON.stringify({ name, seen })}\n`);

const browser = await chromium.launch({
  executablePath: world.chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP rebound.example 127.0.0.1 , MAP evil.localhost 127.0.0.1 , EXCLUDE localhost , MAP * ~NOTFOUND",
    `--ignore-certificate-errors-spki-list=${world.trustedKey}`,
  ],
});
mkdirSync(world.screenshots, { recursive: true });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
const complaints = [];
page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
page.on("console", (message) => message.type() === "error" && complaints.push(`console: ${message.text()}`));
const text = async (selector) => (await page.textContent(selector)).replaceAll(/\s+/g, " ").trim();
const press = (selector) => Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(selector)]);
const picture = (name) => page.screenshot({ path: `${world.screenshots}/story-${name}.png`, fullPage: true });
const run = ([program, ...words]) => execFileSync(program, words, { encoding: "utf8", env: world.environment });
const drift = () => {
  try {
    return run(world.drift);
  } catch (error) {
    return error.stdout;
  }
};
const roles = async () => {
  await page.goto(`${PORTAL}/token?${new URLSearchParams(world.token)}`, { waitUntil: "load" });
  const row = page.locator("[role=row]", { has: page.locator("code", { hasText: /^roles$/ }) });
  return (await row.count()) ? (await row.locator("code").nth(1).textContent()).trim() : "";
};

await page.goto(world.origin, { waitUntil: "load" });
const watching = await context.newPage();
await watching.goto(`${PORTAL}/traffic`, { waitUntil: "load" });
await watching.waitForFunction(() => document.querySelector("#live").textContent === "Live");

await page.goto(`${PORTAL}/changes`, { waitUntil: "load" });
await page.fill("#name", "before the test");
await press("button:has-text('Save a snapshot')");
tell("snapshot", await text("h1"));

await page.fill("#find", "alice");
await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.press("#find", "Enter")]);
tell("found", page.url());
tell("why", await text("section:has(#why)"));
await picture("why");
tell("before", await roles());

await page.goto(`${PORTAL}/users/${world.alice}`, { waitUntil: "load" });
await press("a:has-text('Take out…')");
tell("question", await text("main"));
tell("focus", await page.evaluate(() => document.activeElement.textContent));
await picture("question");
await press("button.destroys");
tell("after", await roles());
await picture("token");

await page.goto(`${PORTAL}/enterprise/${world.principal}`, { waitUntil: "load" });
await press("a[aria-label^='Take away… Writer from Alice Archer']");
await press("button.destroys");
tell("declared", await text("section:has(#roles)"));
tell("drift", drift());
await page.goto(`${PORTAL}/changes?since=before+the+test`, { waitUntil: "load" });
tell("changes", await text("main"));
await picture("changes");
await press("button:has-text('Restore it…')");
await press("button.destroys");
tell("back", await roles());
tell("drift-after", drift());
await watching.waitForFunction(() => document.querySelector(".request .line")?.textContent.includes("/"));
tell("live", await watching.evaluate(() => [...document.querySelectorAll("a.request .line")].map((each) => each.textContent)));
await watching.click("#pause");
await watching.waitForFunction(() => document.querySelector("#live").textContent === "Paused");
await watching.close();
tell("complaints", complaints);

/** What a page of another origin can do, with the browser's cookies, to the portal. */
async function attack(where) {
  const evil = await context.newPage();
  await evil.goto(where, { waitUntil: "load" });
  const seen = await evil.evaluate(
    async ({ portal, origin }) => {
      const read = [];
      const targets = [`${portal}/faults/set`, `${portal}/faults/clock`, `${portal}/snapshots/save`, `${portal}/traffic/clear`, `${portal}/edit/new-user`];
      const body = "latency_ms=77&seconds=3600&name=evil&upn=evil@contoso.com&sure=yes&portal-token=x";
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      for (const url of [...targets, `${portal}/traffic/stream`]) {
        for (const mode of ["no-cors", "cors"]) {
          await fetch(url, { method: "POST", mode, credentials: "include", headers, body }).then(
            async (answer) => answer.type !== "opaque" && read.push(`${url} ${await answer.text()}`),
            () => {},
          );
        }
        await fetch(url, { method: "POST", credentials: "include", headers: { ...headers, "x-portal-token": "x" }, body }).then(
          async (answer) => read.push(`${url} ${await answer.text()}`),
          () => {},
        );
        const frame = Object.assign(document.createElement("iframe"), { name: `frame${read.length}${url.length}` });
        const form = Object.assign(document.createElement("form"), { method: "post", action: url, target: frame.name });
        for (const [name, value] of new URLSearchParams(body)) form.append(Object.assign(document.createElement("input"), { name, value }));
        document.body.append(frame, form);
        form.submit();
      }
      for (const url of [portal, `${portal}/traffic`, `${portal}/users`, `${origin}/portal/assets/portal.js`]) {
        for (const credentials of ["include", "omit"]) {
          await fetch(url, { credentials }).then(async (answer) => read.push(`${url} ${await answer.text()}`), () => {});
        }
      }
      const heard = await new Promise((resolve) => {
        const messages = [];
        const source = new EventSource(`${portal}/traffic/stream`, { withCredentials: true });
        source.onmessage = (event) => messages.push(event.data);
        source.onopen = () => messages.push("opened");
        const socket = new WebSocket(`${portal.replace("https", "wss")}/traffic/stream`);
        socket.onopen = () => messages.push("connected");
        socket.onmessage = (event) => messages.push(event.data);
        setTimeout(() => resolve(messages), 700);
      });
      return { read, heard };
    },
    { portal: world.portalSeenBy(where), origin: world.origin },
  );
  await evil.close();
  return seen;
}

const port = new URL(world.origin).port;
world.portalSeenBy = (where) => (where.startsWith(`https://rebound.example:${port}`) || where.startsWith(`https://evil.localhost:${port}`) ? `${new URL(where).origin}/portal/contoso.onmicrosoft.com` : PORTAL);
for (const where of [
  `https://localhost:${world.evilPort}/`,
  `https://evil.localhost:${world.evilPort}/`,
  `https://rebound.example:${world.evilPort}/`,
  // The same server under another name: the page is the emulator's own answer, its script the attacker's.
  `https://rebound.example:${port}/`,
  `https://evil.localhost:${port}/`,
]) {
  tell("attack", { where, ...(await attack(where)) });
}
await page.goto(`${PORTAL}/changes`, { waitUntil: "load" });
tell("kept", await page.locator("select[name=since] option").allTextContents());

const list = await context.newPage();
await list.goto(`${PORTAL}/traffic`, { waitUntil: "load" });
await list.waitForFunction(() => document.querySelector("#live").textContent === "Live");
await list.evaluate(() => (window.before = true));
run(world.stop);
await list.waitForFunction(() => document.querySelector("#live").textContent === "Ended: waiting for the emulator");
run(world.start);
await list.waitForFunction(() => !window.before && document.querySelector("#live")?.textContent === "Live", null, { timeout: 60_000 });
tell("reconnected", await list.textContent("#live"));
await browser.close();
