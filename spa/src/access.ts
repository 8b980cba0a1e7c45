// What each operation needs of a caller, from the table that the API's guards are made of: a user and an operation in, what is missing out.
import type { Guard, Role, Scope } from "./generated/authorization";
import { GUARDS, Operation } from "./generated/authorization";

export { Operation };

/** The signed-in caller as the API sees it. */
export interface Caller {
  readonly name: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

function missingScope({ scopes, anyScope }: Guard, held: readonly string[]): Scope | null {
  if (anyScope && scopes.some((scope) => held.includes(scope))) return null;
  return scopes.find((scope) => !held.includes(scope)) ?? null;
}

/** Name the scope and the role that a caller lacks for an operation; the page only hides what would fail, the API decides. */
export function missing(caller: Caller, operation: Operation): { scope: Scope | null; role: Role | null } {
  const guard = GUARDS[operation];
  const enough = guard.roles.length === 0 || guard.roles.some((role) => caller.roles.includes(role));
  return { scope: missingScope(guard, caller.scopes), role: enough ? null : (guard.roles[0] ?? null) };
}

/** Tell whether a caller may do it. */
export function may(caller: Caller, operation: Operation): boolean {
  const { scope, role } = missing(caller, operation);
  return scope === null && role === null;
}
