// The page of `make dev` and what the emulator's key hashes to in; the roles that a signed-in page shows, a JSON line each time they
// change, out. Ends once the role that it waits for is shown.
import { createRequire } from "node:module";
import { argv, stdout } from "node:process";

const { url, user, trustedKey, role } = JSON.parse(argv[2]);
const require = createRequire(new URL("../../spa/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", `--ignore-certificate-errors-spki-list=${trustedKey}`],
});
const page = await browser.newPage();
// Plan and apply stand between, twice; a busy machine is no reason to fail.
page.setDefaultTimeout(240_000);
await page.goto(url);
await page.getByRole("button", { name: "Sign in", exact: true }).click();
await page.getByLabel("Or enter a user name").fill(user);
await page.getByRole("button", { name: "Next" }).click();
await page.getByRole("heading", { name: "Your access" }).waitFor();
// A mark that a load of the page would wipe away.
await page.evaluate(() => (globalThis.stayed = true));
const roles = () => page.locator("aside.access dl > div:nth-child(2) li").allTextContents();
stdout.write(`${JSON.stringify({ roles: await roles() })}\n`);
await page.locator("aside.access li", { hasText: role }).waitFor();
stdout.write(`${JSON.stringify({ roles: await roles(), stayed: await page.evaluate(() => globalThis.stayed === true) })}\n`);
await browser.close();
