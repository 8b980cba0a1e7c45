// @vitest-environment node
import { AuthError, InteractionRequiredAuthError, ServerError } from "@azure/msal-browser";
import { describe, expect, it } from "vitest";
import { classifyMsal } from "./msalProblem";
import { AuthFailure } from "./problem";

function interaction(code: string, message: string, suberror = "", claims = "") {
  return new InteractionRequiredAuthError(code, "c0ffee", message, suberror, "", "", claims);
}

describe("classifyMsal", () => {
  it.each([
    ["login_required", "AADSTS50058: A silent sign-in request was sent but no user is signed in.", "sessionEnded"],
    ["interaction_required", "AADSTS50105: Your administrator has configured …", "notAssigned"],
    ["interaction_required", "AADSTS50076: … you must use multi-factor authentication", "moreNeeded"],
    ["invalid_grant", "AADSTS65001: The user or administrator has not consented", "consentNeeded"],
    ["interaction_required", "no number at all", "moreNeeded"],
    ["refresh_token_expired", "", "sessionEnded"],
  ])("reads %s with “%s” as %s", (code, message, kind) => {
    expect(classifyMsal(interaction(code, message)).kind).toBe(kind);
  });

  it.each([
    ["access_denied", "AADSTS65004: User declined to consent to access the app.", "consentDeclined"],
    ["access_denied", "", "turnedBack"],
    ["invalid_client", "AADSTS650053: The application asked for scope", "misconfigured"],
    ["invalid_grant", "AADSTS700084: The refresh token was issued to a single page app", "sessionEnded"],
    ["server_error", "", "unknown"],
  ])("reads the server's %s with “%s” as %s", (code, message, kind) => {
    expect(classifyMsal(new ServerError(code, "c0ffee", message)).kind).toBe(kind);
  });

  it("reads the number from MSAL's own field when the text holds none", () => {
    const error = new ServerError("invalid_grant", "c0ffee", "", undefined, "50105");

    expect(classifyMsal(error)).toMatchObject({ kind: "notAssigned", code: "AADSTS50105" });
  });

  it("believes the suberror where the number is new", () => {
    expect(classifyMsal(interaction("invalid_grant", "AADSTS123: new", "consent_required")).kind).toBe("consentNeeded");
  });

  it("keeps the claims that the next request must ask for, and the correlation id for support", () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

    expect(classifyMsal(interaction("interaction_required", "AADSTS50076: …", "", claims))).toEqual({
      kind: "moreNeeded",
      code: "AADSTS50076",
      correlationId: "c0ffee",
      claims,
    });
  });

  it.each(["no_network_connectivity", "post_request_failed", "endpoints_resolution_error"])(
    "reads %s as a sign-in service that does not answer",
    (code) => {
      expect(classifyMsal(new AuthError(code, "c0ffee", "")).kind).toBe("unreachable");
    },
  );

  it("keeps a problem that was classified before, and makes no guess about an unknown error", () => {
    const problem = { kind: "notAssigned", code: null, correlationId: null, claims: null } as const;

    expect(classifyMsal(new AuthFailure(problem))).toBe(problem);
    expect(classifyMsal(new Error("boom")).kind).toBe("unknown");
  });
});
