// Reads the API's refusals: a response in, what is wrong in the API's own words out (RFC 6750 and problem+json).

/** What a refusal says; each part may be absent. */
export interface Refusal {
  readonly status: number;
  /** RFC 6750's error code from WWW-Authenticate, e.g. invalid_token, insufficient_scope. */
  readonly error: string | null;
  readonly title: string | null;
  readonly detail: string | null;
  /** The scopes that are needed, by value. */
  readonly scopes: readonly string[];
  /** What is wrong with which field. */
  readonly faults: readonly string[];
  /** A claims challenge, decoded, to be sent to Entra with the next request. */
  readonly claims: string | null;
  readonly correlationId: string | null;
}

export type ApiFailureKind =
  "unauthenticated" | "forbidden" | "notFound" | "invalid" | "conflict" | "busy" | "broken" | "unreachable";

/** A call that the API refused, or that never reached it. */
export class ApiFailure extends Error {
  constructor(
    readonly kind: ApiFailureKind,
    readonly refusal: Refusal | null,
  ) {
    super(refusal?.detail ?? refusal?.title ?? kind);
  }
}

/** Read the parameters of a Bearer challenge, e.g. `Bearer error="invalid_token", scope="user.read"`. */
export function parseChallenge(header: string | null): Readonly<Record<string, string>> {
  const challenge = /^\s*Bearer\s+(.*)$/is.exec(header ?? "")?.[1] ?? "";
  const pairs = challenge.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return Object.fromEntries(
    [...pairs].map(([, name = "", quoted, bare]) => [
      name.toLowerCase(),
      quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "",
    ]),
  );
}

function decodeClaims(text: string | undefined): string | null {
  if (!text) return null;
  try {
    // Microsoft's resources send the claims as base64 in the challenge; MSAL wants the JSON.
    const json = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    JSON.parse(json);
    return json;
  } catch {
    // Not a challenge we understand: then the plain sign-in is the better answer.
    return null;
  }
}

function textOf(body: unknown, key: string): string | null {
  const value = typeof body === "object" && body !== null ? (body as Record<string, unknown>)[key] : null;
  return typeof value === "string" && value !== "" ? value : null;
}

function faultsOf(body: unknown): string[] {
  const errors = typeof body === "object" && body !== null ? (body as Record<string, unknown>)["errors"] : null;
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((fault) => {
    const message = textOf(fault, "message");
    // The path starts with where the field stood ("body"), which the form shows anyway.
    const field = textOf(fault, "field")?.replace(/^body\./, "");
    return message === null ? [] : [field ? `${field}: ${message}` : message];
  });
}

async function problemBody(response: Response): Promise<unknown> {
  if (!/[/+]json\b/.test(response.headers.get("content-type") ?? "")) return null;
  try {
    return (await response.json()) as unknown;
  } catch {
    // A proxy cut the answer short: the status alone has to do.
    return null;
  }
}

/** Read a refusal from a response that is not a success. */
export async function readRefusal(response: Response): Promise<Refusal> {
  const challenge = parseChallenge(response.headers.get("www-authenticate"));
  const body = await problemBody(response);
  return {
    status: response.status,
    error: challenge["error"] ?? null,
    title: textOf(body, "title"),
    detail: textOf(body, "detail") ?? challenge["error_description"] ?? null,
    // The challenge names scopes by their full address; people know them by the last part.
    scopes:
      challenge["scope"]
        ?.split(" ")
        .filter(Boolean)
        .map((scope) => scope.slice(scope.lastIndexOf("/") + 1)) ?? [],
    faults: faultsOf(body),
    claims: decodeClaims(challenge["claims"]),
    correlationId: response.headers.get("x-correlation-id") ?? textOf(body, "correlationId"),
  };
}

/** Name what a status means for the person at the screen. */
export function kindOf(status: number): ApiFailureKind {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "notFound";
  if (status === 409 || status === 412) return "conflict";
  if (status === 400 || status === 422) return "invalid";
  if (status === 429 || status === 503) return "busy";
  return "broken";
}
