// Says in plain words why a sign-in or a renewal failed, and offers the step that helps.
import type { AuthProblem, AuthProblemKind } from "../auth/problem";
import type { Session } from "../auth/session";
import { Notice } from "./Notice";
import { SignInButton } from "./SignInButton";

const WORDS: Readonly<Record<AuthProblemKind, { title: string; text: string; button: string }>> = {
  sessionEnded: {
    title: "Your session has ended",
    text: "Sign in again to go on. You come back to this page, and what you typed is kept.",
    button: "Sign in again",
  },
  consentNeeded: {
    title: "This app needs your permission",
    text: "It may not call its API for you yet. Review what it asks for; where only an administrator may agree, Microsoft’s page tells you how to ask for it.",
    button: "Review permissions",
  },
  consentDeclined: {
    title: "You did not give permission",
    text: "Without it the app cannot read or change records for you. Nothing was stored.",
    button: "Review permissions",
  },
  turnedBack: {
    title: "You were not signed in",
    text: "You came back from Microsoft’s page without signing in. If it said that you are not assigned to this app (AADSTS50105), ask an administrator to assign you a role. Otherwise sign in again.",
    button: "Sign in as someone else",
  },
  notAssigned: {
    title: "You have no access to this app yet",
    text: "Your organization gives access person by person, and you are not on the list. Ask an administrator to assign you a role, then sign in again.",
    button: "Sign in as someone else",
  },
  moreNeeded: {
    title: "Your organization asks for one more step",
    text: "It may be a second factor or a managed device. Microsoft’s page leads you through it.",
    button: "Continue",
  },
  misconfigured: {
    title: "This app is not set up correctly",
    text: "Its registration and its configuration do not fit each other. You can do nothing about it; please pass on the code below.",
    button: "Try again",
  },
  unreachable: {
    title: "Microsoft’s sign-in does not answer",
    text: "Check your connection, then try again.",
    button: "Try again",
  },
  serverDown: {
    title: "This app’s sign-in does not answer",
    text: "Check your connection, then try again.",
    button: "Try again",
  },
  unknown: {
    title: "Signing in failed",
    text: "Try again; if it keeps failing, pass on the code below.",
    button: "Try again",
  },
};

/** What may have been put right meanwhile, by someone else. */
const AGAIN: ReadonlySet<AuthProblemKind> = new Set(["unreachable", "serverDown", "notAssigned"]);

interface Props {
  readonly problem: AuthProblem;
  readonly session: Session;
  /** Do again what failed; without it, the only way on is to sign in. */
  readonly retry?: () => void;
}

export function AuthNotice({ problem, session, retry }: Props) {
  const { title, text, button } = WORDS[problem.kind];
  const reference = [problem.code, problem.correlationId].filter(Boolean).join(" · ");
  return (
    <Notice
      tone={problem.kind === "sessionEnded" ? "hint" : "problem"}
      title={title}
      reference={reference}
      actions={
        <>
          {(problem.kind === "unreachable" || problem.kind === "serverDown") && retry ? null : (
            <SignInButton
              session={session}
              options={{
                claims: problem.claims,
                chooseAccount: problem.kind === "notAssigned" || problem.kind === "turnedBack",
              }}
            >
              {button}
            </SignInButton>
          )}
          {retry && AGAIN.has(problem.kind) ? (
            <button type="button" onClick={retry}>
              Try again
            </button>
          ) : null}
        </>
      }
    >
      <p>{text}</p>
    </Notice>
  );
}
