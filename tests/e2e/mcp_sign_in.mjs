// Signs in as a person would: a sign-in address and a user in, the address that the browser ends at out.
import { createRequire } from "node:module";

const [, , address, user, back] = process.argv;
const { chromium } = createRequire(new URL("../../spa/package.json", import.meta.url))("playwright-core");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
});
try {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  page.setDefaultTimeout(20_000);
  let ended = "";
  await page.route(`${back}**`, (route) => {
    ended = route.request().url();
    return route.fulfill({ status: 200, contentType: "text/plain", body: "You may close this page." });
  });
  await page.goto(address);
  if (!ended) {
    await page.getByText(user).first().click();
    await page.waitForURL(`${back}**`);
  }
  console.log(ended);
} finally {
  await browser.close();
}
