// @vitest-environment node
import { describe, expect, it } from "vitest";
import { refusal } from "../testing";
import { kindOf, parseChallenge, readRefusal } from "./problem";

describe("parseChallenge", () => {
  it("reads quoted and bare parameters, commas and quotes within them too", () => {
    expect(parseChallenge('Bearer realm="api", error=invalid_token, error_description="a, \\"b\\""')).toEqual({
      realm: "api",
      error: "invalid_token",
      error_description: 'a, "b"',
    });
  });

  it.each([null, "", "Basic realm=x", "Bearer"])("reads nothing from %j", (header) => {
    expect(parseChallenge(header)).toEqual({});
  });
});

describe("readRefusal", () => {
  it("reads what a missing scope looks like", async () => {
    const challenge =
      'Bearer error="insufficient_scope", scope="api://33333333-3333-3333-3333-333333333333/user.write"';
    const response = refusal(403, "This needs the scope user.write.", challenge, { correlationId: "c0ffee" });

    expect(await readRefusal(response)).toMatchObject({
      status: 403,
      error: "insufficient_scope",
      detail: "This needs the scope user.write.",
      scopes: ["user.write"],
      correlationId: "c0ffee",
    });
  });

  it("reads what is wrong with which field", async () => {
    const errors = [{ field: "body.title", message: "String should have at least 1 character" }];

    expect((await readRefusal(refusal(422, "The request is not valid.", "", { errors }))).faults).toEqual([
      "title: String should have at least 1 character",
    ]);
  });

  it("makes do with a proxy's page, and with claims that are no base64", async () => {
    const response = new Response("<html>", { status: 502, headers: { "WWW-Authenticate": 'Bearer claims="%%%"' } });

    expect(await readRefusal(response)).toMatchObject({ status: 502, detail: null, claims: null, faults: [] });
  });
});

it.each([
  [401, "unauthenticated"],
  [403, "forbidden"],
  [404, "notFound"],
  [422, "invalid"],
  [429, "busy"],
  [503, "busy"],
  [500, "broken"],
])("names %i %s", (status, kind) => {
  expect(kindOf(status)).toBe(kind);
});
