// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { MsalConfig } from "../config";
import { msalConfiguration } from "./msal";

const EXAMPLE = JSON.parse(readFileSync("config.example.json", "utf8")) as MsalConfig;

it("keeps tokens in sessionStorage and personal data out of the log", () => {
  const { cache, system } = msalConfiguration(EXAMPLE);

  expect(cache?.cacheLocation).toBe("sessionStorage");
  expect(system?.loggerOptions?.piiLoggingEnabled).toBe(false);
});

it("signs in where the configuration says, and nowhere else", () => {
  expect(msalConfiguration(EXAMPLE).auth).toEqual({
    clientId: EXAMPLE.clientId,
    authority: EXAMPLE.authority,
    knownAuthorities: [],
    redirectUri: EXAMPLE.redirectUri,
    postLogoutRedirectUri: EXAMPLE.postLogoutRedirectUri,
  });
});
