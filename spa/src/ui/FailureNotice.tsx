// Says why a call failed, in the API's own words where it gave some, and offers the step that helps.
import type { ReactNode } from "react";
import type { ApiFailureKind } from "../api/problem";
import { ApiFailure } from "../api/problem";
import { AuthFailure } from "../auth/problem";
import type { Session } from "../auth/session";
import { AuthNotice } from "./AuthNotice";
import { Notice } from "./Notice";
import { SignInButton } from "./SignInButton";

const WORDS: Readonly<Record<ApiFailureKind, { title: string; text: string }>> = {
  unauthenticated: {
    title: "The API does not accept your sign-in",
    text: "Even a new token was refused. Sign in again; if that does not help, the app and the API are set up for different environments.",
  },
  forbidden: {
    title: "You may not do this",
    text: "If you were given more access a moment ago, renew it.",
  },
  notFound: { title: "This is not there", text: "It may have been deleted by someone else." },
  invalid: { title: "The API cannot take this", text: "Check what you entered." },
  conflict: { title: "Someone else was faster", text: "Load the page again to see what changed." },
  busy: { title: "The API is busy", text: "Wait a moment, then try again." },
  broken: {
    title: "The API failed",
    text: "It is not your doing. Try again; if it keeps failing, pass on the reference.",
  },
  unreachable: {
    title: "The API does not answer",
    text: "You are signed in, but the service behind this page cannot be reached. Nothing you typed is lost.",
  },
};

interface Props {
  readonly error: unknown;
  readonly session: Session;
  /** Do the same again. */
  readonly retry?: () => void;
  /** Get a new token and do the same again. */
  readonly renew: () => void;
}

export function FailureNotice({ error, session, retry, renew }: Props) {
  if (error instanceof AuthFailure)
    return <AuthNotice problem={error.problem} session={session} retry={retry ?? renew} />;
  if (!(error instanceof ApiFailure)) {
    return <Notice tone="problem" title="This page failed" actions={retryButton(retry)} />;
  }
  const { title, text } = WORDS[error.kind];
  const { refusal } = error;
  return (
    <Notice
      tone="problem"
      title={title}
      reference={refusal?.correlationId ?? null}
      actions={actionsFor(error.kind, session, renew, retry)}
    >
      {refusal?.detail ? <p className="said">The API says: {refusal.detail}</p> : null}
      {refusal && refusal.scopes.length > 0 ? (
        <p>
          Needed scope: <code>{refusal.scopes.join(" ")}</code>
        </p>
      ) : null}
      {refusal && refusal.faults.length > 0 ? (
        <ul>
          {refusal.faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      ) : null}
      <p>{text}</p>
    </Notice>
  );
}

function retryButton(retry: (() => void) | undefined): ReactNode {
  if (!retry) return null;
  return (
    <button type="button" className="primary" onClick={retry}>
      Try again
    </button>
  );
}

function actionsFor(kind: ApiFailureKind, session: Session, renew: () => void, retry?: () => void): ReactNode {
  if (kind === "unauthenticated") {
    return <SignInButton session={session}>Sign in again</SignInButton>;
  }
  if (kind === "forbidden") {
    return (
      <button type="button" className="primary" onClick={renew}>
        Renew my access
      </button>
    );
  }
  return kind === "invalid" ? null : retryButton(retry);
}
