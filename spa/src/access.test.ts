// @vitest-environment node
import { expect, it } from "vitest";
import type { Action } from "./access";
import { may, missing, NEEDS } from "./access";

const SCOPES = ["user.read", "user.write"];

it.each([
  [["Reader"], ["list"]],
  [["Writer"], ["list", "create", "update"]],
  [["Admin"], ["list", "remove", "administer"]],
  [[], ["list"]],
])("lets %j take %j and nothing else", (roles, allowed) => {
  const actions = Object.keys(NEEDS) as Action[];

  expect(actions.filter((action) => may({ name: "", roles, scopes: SCOPES }, action))).toEqual(allowed);
});

it("names the scope and the role that are missing", () => {
  expect(missing({ name: "", roles: [], scopes: ["user.read"] }, "create")).toEqual({
    scope: "user.write",
    role: "Writer",
  });
});
