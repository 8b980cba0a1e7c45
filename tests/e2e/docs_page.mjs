// The API's own page of documentation, from its root on: signs in at the emulator with PKCE, calls an operation. Where everything is in;
// what was asked and answered, and each host that the pages spoke to, as JSON, out.
import { createRequire } from "node:module";
import { argv, stdout } from "node:process";

const { api, user, trustedKey, screenshot } = JSON.parse(argv[2]);
const require = createRequire(new URL("../../spa/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", `--ignore-certificate-errors-spki-list=${trustedKey}`],
});
const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
const origins = new Set();
const problems = [];
const told = { authorize: null, token: null };
context.on("request", (request) => {
  const url = new URL(request.url());
  if (url.protocol.startsWith("http")) origins.add(url.origin);
  if (url.pathname.endsWith("/authorize")) told.authorize ??= Object.fromEntries(url.searchParams);
  if (url.pathname.endsWith("/token") && request.method() === "POST") told.token = Object.fromEntries(new URLSearchParams(request.postData()));
});
context.on("weberror", (error) => problems.push(error.error().message));
await context.exposeFunction("reportViolation", (text) => problems.push(text));
await context.addInitScript(() => {
  document.addEventListener("securitypolicyviolation", (event) => window.reportViolation(`${event.effectiveDirective} refused ${event.blockedURI}`));
});
const page = await context.newPage();
page.setDefaultTimeout(60_000);
await page.goto(api);
await page.getByRole("link", { name: "What it offers, and a way to try it signed in" }).click();
await page.locator(".btn.authorize").click();
for (const scope of ["user.read", "user.write"]) await page.locator(".scopes label", { hasText: scope }).first().click();
const popup = context.waitForEvent("page");
await page.locator(".auth-btn-wrapper .authorize").click();
const signIn = await popup;
await signIn.getByLabel("Or enter a user name").fill(user);
await signIn.getByRole("button", { name: "Next" }).click();
await page.locator(".auth-btn-wrapper", { hasText: "Logout" }).waitFor();
await page.locator(".btn-done").click();
const operation = page.locator("#operations-records-list_records_records_get");
await operation.locator(".opblock-summary-control").click();
await operation.getByRole("button", { name: "Try it out" }).click();
const answer = page.waitForResponse((response) => new URL(response.url()).pathname === "/records");
await operation.getByRole("button", { name: "Execute" }).click();
const response = await answer;
await operation.locator(".live-responses-table").getByText('"items"').first().waitFor();
await operation.locator(".live-responses-table").scrollIntoViewIfNeeded();
if (screenshot) await page.screenshot({ path: screenshot });
const result = { status: response.status(), body: await response.json(), ...told, origins: [...origins], problems };
await browser.close();
stdout.write(JSON.stringify(result));
