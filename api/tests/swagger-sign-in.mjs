// Signs in on the documentation page as a developer would: the page's address and a token in, what /me answered out.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";

const [, , documentation, token, screenshot] = process.argv;
const require = createRequire(new URL("../../spa/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const LOGIN = "https://login.microsoftonline.com/**";
const problems = [];
let asked;

/** Answers in Entra's place: at once, from a page that severs its opener as Entra's will. */
async function entra(route) {
  const request = route.request();
  const url = new URL(request.url());
  if (url.pathname.endsWith("/authorize")) {
    asked = url.searchParams;
    const back = new URL(asked.get("redirect_uri"));
    back.search = new URLSearchParams({ code: "one-time-code", state: asked.get("state") }).toString();
    // The redirect is made by the page itself, so that the opener policy of a shown page counts.
    const body = `<script>location.replace(${JSON.stringify(back.href)})</script>`;
    const headers = { "Content-Type": "text/html", "Cross-Origin-Opener-Policy": "same-origin" };
    return route.fulfill({ status: 200, headers, body });
  }
  const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" };
  if (request.method() === "OPTIONS") return route.fulfill({ status: 204, headers: cors });
  const form = new URLSearchParams(request.postData());
  const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
  const proven = asked.get("code_challenge_method") === "S256" && challenge === asked.get("code_challenge");
  if (!proven || form.get("code") !== "one-time-code" || form.has("client_secret")) {
    problems.push(`token request refused: ${request.postData()}`);
    return route.fulfill({ status: 400, headers: cors, json: { error: "invalid_grant" } });
  }
  const json = { access_token: token, token_type: "Bearer", expires_in: 3599, scope: asked.get("scope") };
  return route.fulfill({ status: 200, headers: cors, json });
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
});
try {
  const context = await browser.newContext();
  await context.route(LOGIN, entra);
  context.on("weberror", (error) => problems.push(error.error().message));
  await context.exposeFunction("reportViolation", (text) => problems.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      window.reportViolation(`${event.effectiveDirective} refused ${event.blockedURI}`),
    );
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(documentation);

  await page.locator(".btn.authorize").click();
  await page.getByText("user.read", { exact: true }).first().waitFor();
  await page.locator(".scopes .select-all, .scopes a", { hasText: "select all" }).first().click();
  const popup = context.waitForEvent("page");
  await page.locator(".auth-btn-wrapper .authorize").click();
  const signIn = await popup;
  await page.locator(".auth-btn-wrapper", { hasText: "Logout" }).waitFor();
  if (!signIn.isClosed()) await signIn.waitForEvent("close");
  await page.locator(".btn-done").click();

  await page.locator("#operations-account-me_me_get .opblock-summary-control").click();
  await page.getByRole("button", { name: "Try it out" }).click();
  const answer = page.waitForResponse((response) => new URL(response.url()).pathname === "/me");
  await page.getByRole("button", { name: "Execute" }).click();
  const me = await (await answer).json();
  const shown = page.locator("#operations-account-me_me_get .live-responses-table").getByText(me.username).first();
  await shown.scrollIntoViewIfNeeded();
  if (screenshot) await page.screenshot({ path: screenshot });
  console.log(JSON.stringify({ me, scope: asked.get("scope"), problems }));
} finally {
  await browser.close();
}
