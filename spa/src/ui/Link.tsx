// A link within the app: a plain click changes the page without a reload, everything else is the browser's.
import type { MouseEvent, ReactNode } from "react";
import { navigate } from "./routes";

interface Props {
  readonly to: string;
  readonly current?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Link({ to, current = false, className, children }: Props) {
  function follow(event: MouseEvent) {
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.button !== 0 || modified) return;
    event.preventDefault();
    navigate(to);
  }
  return (
    <a href={to} className={className} aria-current={current ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}
