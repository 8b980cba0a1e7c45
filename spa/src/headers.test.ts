// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { headersFor, parseHeaders } from "../serve.mjs";

const CONFIG = { apiBaseUrl: "https://api.example.com/v1", authority: "https://login.microsoftonline.com/t" };
const FILE = readFileSync("security-headers.conf", "utf8");
const HEADERS = parseHeaders(FILE, CONFIG);

function policyOf(path: string): Map<string, string> {
  const value = new Map(headersFor(HEADERS, path)).get("Content-Security-Policy") ?? "";
  return new Map(
    value.split("; ").map((directive): [string, string] => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );
}

describe("security-headers.conf", () => {
  it("is read whole by the test server", () => {
    expect(HEADERS).toHaveLength(FILE.match(/^add_header/gm)?.length ?? -1);
  });

  it("allows no inline code, no eval and no address but the API's and Entra's", () => {
    const policy = policyOf("/");

    expect([...policy.values()].join(" ")).not.toMatch(/unsafe|\*|data:|blob:/);
    expect(policy.get("default-src")).toBe("'none'");
    expect(policy.get("script-src")).toBe("'self'");
    expect(policy.get("connect-src")).toBe("'self' https://api.example.com https://login.microsoftonline.com");
    expect(policy.get("require-trusted-types-for")).toBe("'script'");
  });

  it("lets only the redirect page be framed, by the app itself, and keeps its opener", () => {
    expect(policyOf("/").get("frame-ancestors")).toBe("'none'");
    expect(policyOf("/redirect.html").get("frame-ancestors")).toBe("'self'");
    expect(new Map(headersFor(HEADERS, "/")).get("Cross-Origin-Opener-Policy")).toBe("same-origin");
    expect(new Map(headersFor(HEADERS, "/redirect.html")).has("Cross-Origin-Opener-Policy")).toBe(false);
  });

  it("is included by each location of nginx.conf that serves a file", () => {
    const locations = readFileSync("nginx.conf", "utf8")
      .split(/^ {8}location /m)
      .slice(1);
    const bare = locations.filter((location) => !location.includes("include /tmp/security-headers.conf;"));

    expect(locations).toHaveLength(5);
    expect(bare.map((location) => location.split(" {")[0])).toEqual(["= /healthz"]);
  });

  it("names the same pages in nginx.conf", () => {
    const nginx = readFileSync("nginx.conf", "utf8");

    expect(nginx).toMatch(/map \$uri \$frame_ancestors \{\s+\/redirect\.html "'self'";\s+default\s+"'none'";/);
    expect(nginx).toMatch(/map \$uri \$opener_policy \{\s+\/redirect\.html "";\s+default\s+"same-origin";/);
  });
});
