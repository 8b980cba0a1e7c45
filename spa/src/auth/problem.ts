// What can go wrong in a sign-in: what a service said in, one of a few problems that a person can act on out.

export type AuthProblemKind =
  /** There is no usable session any more: sign in again. */
  | "sessionEnded"
  /** The user or an administrator has to consent. */
  | "consentNeeded"
  /** The user said no on the consent page. */
  | "consentDeclined"
  /** The user came back from Entra's page without signing in: by choice, or because it refused the user. */
  | "turnedBack"
  /** The application requires assignment and the user has none (AADSTS50105). */
  | "notAssigned"
  /** Entra wants something more: a second factor, another device (Conditional Access). */
  | "moreNeeded"
  /** The registration and the configuration do not fit each other. */
  | "misconfigured"
  /** Entra did not answer. */
  | "unreachable"
  /** The server that signs in for this page did not answer. */
  | "serverDown"
  | "unknown";

export interface AuthProblem {
  readonly kind: AuthProblemKind;
  /** Entra's own number, such as AADSTS50105. */
  readonly code: string | null;
  /** What support needs to find the attempt in the sign-in log. */
  readonly correlationId: string | null;
  /** Claims that the next interactive request has to ask for. */
  readonly claims: string | null;
}

/** A sign-in or a renewal that failed, with its problem. */
export class AuthFailure extends Error {
  constructor(readonly problem: AuthProblem) {
    super(problem.code ?? problem.kind);
  }
}

/** What Entra said, through MSAL or through the server that signs in for the page. */
export interface Said {
  /** OAuth's error, or MSAL's own, such as interaction_required. */
  readonly error: string;
  readonly suberror: string | null;
  /** The number of Entra's code, without AADSTS. */
  readonly number: string | null;
  readonly correlationId: string | null;
  readonly claims: string | null;
}

const BY_NUMBER: Readonly<Record<string, AuthProblemKind>> = {
  "50058": "sessionEnded",
  "50173": "sessionEnded",
  "70043": "sessionEnded",
  "70008": "sessionEnded",
  "700082": "sessionEnded",
  // A refresh token of a single-page application lives 24 hours from the sign-in.
  "700084": "sessionEnded",
  "65001": "consentNeeded",
  "90094": "consentNeeded",
  "90095": "consentNeeded",
  "65004": "consentDeclined",
  "50105": "notAssigned",
  "50076": "moreNeeded",
  "50079": "moreNeeded",
  "53003": "moreNeeded",
  "50011": "misconfigured",
  "500011": "misconfigured",
  "650053": "misconfigured",
  "650056": "misconfigured",
  "650057": "misconfigured",
  "70025": "misconfigured",
  "700016": "misconfigured",
  "700211": "misconfigured",
  "700212": "misconfigured",
  "700213": "misconfigured",
  "7000112": "misconfigured",
  "7000218": "misconfigured",
  "90002": "misconfigured",
  "9002326": "misconfigured",
};

const BY_ERROR: Readonly<Record<string, AuthProblemKind>> = {
  access_denied: "turnedBack",
  consent_required: "consentNeeded",
  login_required: "sessionEnded",
  interaction_required: "moreNeeded",
  invalid_grant: "sessionEnded",
  no_account_error: "sessionEnded",
  no_tokens_found: "sessionEnded",
  refresh_token_expired: "sessionEnded",
  // The hidden frame got no answer: third-party cookies are blocked, or the redirect page is not served.
  timed_out: "sessionEnded",
  no_network_connectivity: "unreachable",
  network_error: "unreachable",
  post_request_failed: "unreachable",
  get_request_failed: "unreachable",
  temporarily_unavailable: "unreachable",
  // MSAL says the same when discovery is refused by CORS and when the host is down.
  endpoints_resolution_error: "unreachable",
  openid_config_error: "unreachable",
  invalid_client: "misconfigured",
  unauthorized_client: "misconfigured",
  invalid_resource: "misconfigured",
  invalid_scope: "misconfigured",
};

const UNKNOWN: AuthProblem = { kind: "unknown", code: null, correlationId: null, claims: null };

/** Classify what was said; `otherwise` is what an error is that no table has. */
export function problemOf(said: Said, otherwise: AuthProblemKind = "unknown"): AuthProblem {
  const { error, suberror, number, correlationId, claims } = said;
  const byNumber = number === null ? undefined : BY_NUMBER[number];
  return {
    kind: byNumber ?? BY_ERROR[suberror ?? ""] ?? BY_ERROR[error] ?? otherwise,
    code: number === null ? error || null : `AADSTS${number}`,
    correlationId,
    claims,
  };
}

/** Classify whatever a session threw. */
export function classify(error: unknown): AuthProblem {
  return error instanceof AuthFailure ? error.problem : UNKNOWN;
}
