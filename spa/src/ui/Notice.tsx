// One message with what to do about it, announced to screen readers as it appears.
import type { ReactNode } from "react";

interface Props {
  readonly tone: "problem" | "hint" | "done";
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** What support needs to find the attempt. */
  readonly reference?: string | null;
}

export function Notice({ tone, title, children, actions, reference }: Props) {
  return (
    <section className={`notice ${tone}`} role={tone === "problem" ? "alert" : "status"}>
      <h2>{title}</h2>
      {children}
      {reference ? (
        <p className="reference">
          Reference for support: <code>{reference}</code>
        </p>
      ) : null}
      {actions ? <div className="actions">{actions}</div> : null}
    </section>
  );
}
