// node sign-in.mjs: somebody signs in to a page, on an emulator of this run's own. The page here is one that answers nothing but hello.
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { chromium } from "playwright-core";

const emulator = (...words) => execFileSync("entra-config", ["emulator", ...words], { encoding: "utf8" }).trim();
const state = mkdtempSync("/tmp/entra-"), home = "http://localhost:5173/";
const origin = emulator("start", "--port", "0", "--state", state); // or, with --snapshot team.json, your tenant
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const post = async (path, data, headers = {}) => (await context.request.post(origin + path, { data, headers })).json();
  const admin = { client_id: "d0000000-0000-4000-8000-000000000003", scope: "https://graph.microsoft.com/.default" };
  const headers = { authorization: `Bearer ${(await post("/emulator/token", admin)).access_token}` };
  const { appId } = await post("/v1.0/applications", { displayName: "Shop", spa: { redirectUris: [home] } }, headers);
  await post("/v1.0/servicePrincipals", { appId }, headers);
  const page = await context.newPage();
  await page.route(`${home}**`, (route) => route.fulfill({ contentType: "text/html", body: "<h1>Hello</h1>" }));
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"; // of RFC 7636, appendix B; your page makes its own
  await page.goto(`${origin}/contoso.com/oauth2/v2.0/authorize?client_id=${appId}&response_type=code&scope=openid&redirect_uri=${home}`
    + `&response_mode=query&code_challenge=${challenge}&code_challenge_method=S256`);
  await page.getByText("alice@contoso.com").first().click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.waitForURL(`${home}?code=*`);
  console.log(await page.textContent("h1"));
} finally {
  await browser.close();
  emulator("stop", "--state", state);
}
