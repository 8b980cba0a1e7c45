// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MsalConfig } from "./config";
import { ConfigError, loadConfig, parseConfig, scopeUris } from "./config";

const ORIGIN = "https://app.example.com";
const EXAMPLE = JSON.parse(readFileSync("config.example.json", "utf8")) as Record<string, unknown>;

function faultsOf(json: unknown, origin = ORIGIN): readonly string[] {
  try {
    parseConfig(json, origin);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("parseConfig", () => {
  it("takes the example", () => {
    expect(parseConfig(EXAMPLE, ORIGIN)).toEqual(EXAMPLE);
  });

  it("takes a page that a server signs in for, whose calls stay on the page's origin", () => {
    const cookie = { environment: "prod", session: "cookie", apiBaseUrl: `${ORIGIN}/api` };

    expect(parseConfig(cookie, ORIGIN)).toEqual(cookie);
    expect(faultsOf({ ...cookie, apiBaseUrl: "https://api.example.com" })[0]).toContain("where this page is");
    expect(faultsOf({ ...cookie, session: "token" })[0]).toContain('session: expected "cookie"');
    expect(faultsOf({ ...EXAMPLE, session: "cookie" }).join(" ")).toContain("clientId: this version");
  });

  it("names each key that is missing", () => {
    expect(faultsOf({}).map((fault) => fault.split(":")[0])).toEqual(Object.keys(EXAMPLE));
  });

  it.each([
    ["tenantId", "contoso"],
    ["clientId", 7],
    ["authority", "http://login.microsoftonline.com/common"],
    ["knownAuthorities", "localhost:8443"],
    ["redirectUri", "/redirect.html"],
    ["redirectUri", "https://app.example.com/auth/callback"],
    ["apiBaseUrl", "http://api.example.com"],
    ["apiAppIdUri", ""],
    ["apiScopes", []],
    ["apiScopes", ["user.reed"]],
    ["environment", ""],
  ])("refuses %s = %j, and says what it is", (key, value) => {
    const faults = faultsOf({ ...EXAMPLE, [key]: value });

    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${key}: expected `);
    expect(faults[0]).toContain(JSON.stringify(value));
  });

  it("refuses a key that it does not know, since a misspelt one would be ignored", () => {
    expect(faultsOf({ ...EXAMPLE, apiBaseURL: "x" })).toEqual([
      "apiBaseURL: this version of the app knows no such key",
    ]);
  });

  it("refuses redirect addresses of another origin", () => {
    expect(faultsOf(EXAMPLE, "https://localhost:5173")).toHaveLength(2);
  });

  it.each([null, [], "text"])("refuses %j, which is no object", (json) => {
    expect(faultsOf(json)).toEqual(["expected one JSON object"]);
  });

  it("takes the slash off the end of the API's address", () => {
    expect(parseConfig({ ...EXAMPLE, apiBaseUrl: "https://api.example.com/v1/" }, ORIGIN).apiBaseUrl).toBe(
      "https://api.example.com/v1",
    );
  });
});

describe("loadConfig", () => {
  it("tells a missing file from a broken one", async () => {
    const missing = () => Promise.resolve(new Response("", { status: 404 }));
    const broken = () => Promise.resolve(new Response("<!doctype html>"));

    await expect(loadConfig(missing, ORIGIN)).rejects.toThrow("answers 404");
    await expect(loadConfig(broken, ORIGIN)).rejects.toThrow("is not JSON");
  });
});

describe("scopeUris", () => {
  it("puts the application ID URI before each scope", () => {
    expect(scopeUris(parseConfig(EXAMPLE, ORIGIN) as MsalConfig)).toEqual([
      "api://33333333-3333-3333-3333-333333333333/user.read",
      "api://33333333-3333-3333-3333-333333333333/user.write",
    ]);
  });
});
