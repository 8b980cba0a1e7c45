// @vitest-environment node
import { expect, it } from "vitest";
import { may, missing, Operation } from "./access";

const SCOPES = ["user.read", "user.write"];

it.each([
  [["Reader"], ["readRecords", "whoAmI"]],
  [["Writer"], ["createRecord", "readRecords", "updateRecord", "whoAmI"]],
  [["Admin"], ["administer", "assignRecord", "deleteRecord", "readRecords", "whoAmI"]],
  [[], ["readRecords", "whoAmI"]],
])("lets %j take %j and nothing else", (roles, allowed) => {
  const operations = Object.values(Operation);

  expect(operations.filter((operation) => may({ name: "", roles, scopes: SCOPES }, operation))).toEqual(allowed);
});

it("names the scope and the role that are missing", () => {
  expect(missing({ name: "", roles: [], scopes: ["user.read"] }, Operation.CreateRecord)).toEqual({
    scope: "user.write",
    role: "Writer",
  });
});

it("asks for any one of the scopes where one is enough", () => {
  const admin = { name: "", roles: ["Admin"] };

  expect(may({ ...admin, scopes: ["user.admin"] }, Operation.Administer)).toBe(true);
  expect(may({ ...admin, scopes: ["user.read"] }, Operation.Administer)).toBe(true);
  expect(missing({ ...admin, scopes: ["user.write"] }, Operation.Administer).scope).not.toBeNull();
});
