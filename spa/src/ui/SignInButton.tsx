// The button that leaves for Entra's sign-in page, and says so if the way there is blocked.
import { useState } from "react";
import type { AuthProblem } from "../auth/problem";
import { classify } from "../auth/problem";
import type { Session, SignInOptions } from "../auth/session";

interface Props {
  readonly session: Session;
  readonly options?: SignInOptions;
  readonly children: string;
}

export function SignInButton({ session, options = {}, children }: Props) {
  const [leaving, setLeaving] = useState(false);
  const [problem, setProblem] = useState<AuthProblem | null>(null);

  async function leave() {
    setLeaving(true);
    setProblem(null);
    try {
      await session.signIn(options);
    } catch (error) {
      setProblem(classify(error));
    }
    setLeaving(false);
  }
  return (
    <>
      <button type="button" className="primary" disabled={leaving} onClick={() => void leave()}>
        {children}
      </button>
      {problem ? (
        <p className="blocked" role="alert">
          {problem.kind === "unreachable"
            ? "Microsoft’s sign-in does not answer."
            : "The sign-in page cannot be opened."}{" "}
          Try again in a moment. <code>{problem.code}</code>
        </p>
      ) : null}
    </>
  );
}
