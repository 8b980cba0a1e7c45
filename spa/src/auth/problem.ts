// Tells what went wrong in a sign-in: an error of MSAL in, one of a few problems that a person can act on out.
import { AuthError, InteractionRequiredAuthError } from "@azure/msal-browser";

export type AuthProblemKind =
  /** There is no usable session any more: sign in again. */
  | "sessionEnded"
  /** The user or an administrator has to consent. */
  | "consentNeeded"
  /** The user said no on the consent page. */
  | "consentDeclined"
  /** The application requires assignment and the user has none (AADSTS50105). */
  | "notAssigned"
  /** Entra wants something more: a second factor, another device (Conditional Access). */
  | "moreNeeded"
  /** The registration and the configuration do not fit each other. */
  | "misconfigured"
  /** Entra did not answer. */
  | "unreachable"
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
  "700016": "misconfigured",
  "7000112": "misconfigured",
  "7000218": "misconfigured",
  "90002": "misconfigured",
  "9002326": "misconfigured",
};

const BY_ERROR: Readonly<Record<string, AuthProblemKind>> = {
  access_denied: "consentDeclined",
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
  // MSAL says the same when discovery is refused by CORS and when the host is down.
  endpoints_resolution_error: "unreachable",
  openid_config_error: "unreachable",
  invalid_client: "misconfigured",
  unauthorized_client: "misconfigured",
  invalid_resource: "misconfigured",
  invalid_scope: "misconfigured",
};

/** Classify whatever MSAL threw. */
export function classify(error: unknown): AuthProblem {
  if (error instanceof AuthFailure) return error.problem;
  if (!(error instanceof AuthError)) return { kind: "unknown", code: null, correlationId: null, claims: null };

  const number = /AADSTS(\d+)/.exec(error.errorMessage)?.[1] ?? serverNumber(error);
  const byNumber = number === null ? undefined : BY_NUMBER[number];
  const interactive = error instanceof InteractionRequiredAuthError;
  return {
    kind: byNumber ?? BY_ERROR[error.subError] ?? BY_ERROR[error.errorCode] ?? (interactive ? "moreNeeded" : "unknown"),
    code: number === null ? error.errorCode || null : `AADSTS${number}`,
    correlationId: error.correlationId || null,
    claims: interactive && error.claims ? error.claims : null,
  };
}

function serverNumber(error: AuthError): string | null {
  const { errorNo } = error as AuthError & { errorNo?: string };
  return errorNo !== undefined && /^\d+$/.test(errorNo) ? errorNo : null;
}
