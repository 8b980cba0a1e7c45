// The page for who is not signed in: why, if there is a reason, and the way to Entra's sign-in page.
import type { AuthProblem } from "../auth/problem";
import type { Session } from "../auth/session";
import { AuthNotice } from "./AuthNotice";
import { Notice } from "./Notice";
import { SignInButton } from "./SignInButton";

interface Props {
  readonly session: Session;
  readonly problem: AuthProblem | null;
  readonly environment: string;
  /** Whether this tab signed out just now. */
  readonly left: boolean;
}

/** Ask again who is signed in; to sign in would lead to a page that does not answer either. */
function reload() {
  window.location.reload();
}

export function SignedOut({ session, problem, environment, left }: Props) {
  return (
    <main className="card">
      <h1>
        MyApp <span className="badge">{environment}</span>
      </h1>
      {problem ? (
        <AuthNotice problem={problem} session={session} {...(problem.kind === "serverDown" ? { retry: reload } : {})} />
      ) : (
        <>
          {left ? <Notice tone="done" title="You are signed out" /> : null}
          <p>Sign in with your work account to see and change records. You come back to the page you asked for.</p>
          <SignInButton session={session}>Sign in</SignInButton>
        </>
      )}
    </main>
  );
}
