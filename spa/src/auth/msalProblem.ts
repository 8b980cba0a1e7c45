// Tells what went wrong in a sign-in by MSAL: an error of it in, a problem that a person can act on out.
import { AuthError, InteractionRequiredAuthError } from "@azure/msal-browser";
import type { AuthProblem } from "./problem";
import { classify, problemOf } from "./problem";

/** Classify whatever MSAL threw. */
export function classifyMsal(error: unknown): AuthProblem {
  if (!(error instanceof AuthError)) return classify(error);
  const interactive = error instanceof InteractionRequiredAuthError;
  return problemOf(
    {
      error: error.errorCode,
      suberror: error.subError,
      number: /AADSTS(\d+)/.exec(error.errorMessage)?.[1] ?? serverNumber(error),
      correlationId: error.correlationId || null,
      claims: interactive && error.claims ? error.claims : null,
    },
    interactive ? "moreNeeded" : "unknown",
  );
}

function serverNumber(error: AuthError): string | null {
  const { errorNo } = error as AuthError & { errorNo?: string };
  return errorNo !== undefined && /^\d+$/.test(errorNo) ? errorNo : null;
}
