// What each action asks of a caller, as the API enforces it: a user and an action in, what is missing out.
import { Role, Scope } from "./generated/authorization";

/** The signed-in caller as the API sees it. */
export interface Caller {
  readonly name: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

export type Action = "list" | "create" | "update" | "remove" | "administer";

export interface Need {
  /** Any one of them. */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** null: no role is asked. */
  readonly role: Role | null;
}

/** The page only hides what would fail; the API decides. */
export const NEEDS: Readonly<Record<Action, Need>> = {
  list: { scopes: [Scope.UserRead], role: null },
  create: { scopes: [Scope.UserWrite], role: Role.Writer },
  update: { scopes: [Scope.UserWrite], role: Role.Writer },
  remove: { scopes: [Scope.UserWrite], role: Role.Admin },
  administer: { scopes: [Scope.UserRead, Scope.UserAdmin], role: Role.Admin },
};

/** Name the scope and the role that a caller lacks for an action. */
export function missing(caller: Caller, action: Action): { scope: Scope | null; role: Role | null } {
  const { scopes, role } = NEEDS[action];
  return {
    scope: scopes.some((scope) => caller.scopes.includes(scope)) ? null : scopes[0],
    role: role === null || caller.roles.includes(role) ? null : role,
  };
}

/** Tell whether a caller may take an action. */
export function may(caller: Caller, action: Action): boolean {
  const { scope, role } = missing(caller, action);
  return scope === null && role === null;
}
