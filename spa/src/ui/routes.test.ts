// @vitest-environment node
import { expect, it } from "vitest";
import { parseRoute } from "./routes";

it.each([
  ["/", { page: "records" }],
  ["/records/new", { page: "newRecord" }],
  ["/records/7", { page: "record", id: "7" }],
  ["/admin", { page: "admin" }],
  ["/admin/users", { page: "notFound" }],
  ["/records", { page: "notFound" }],
])("reads %s as %j", (path, route) => {
  expect(parseRoute(path)).toEqual(route);
});
