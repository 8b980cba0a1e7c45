// Loads something for a page: a stable function in, what is known of its result and a way to load again out.
import { useCallback, useEffect, useState } from "react";

export type Load<T> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: T }
  | { readonly state: "failed"; readonly error: unknown };

/** Load on mount and whenever `load` changes; loading again keeps the last value on the page meanwhile. */
export function useLoad<T>(load: () => Promise<T>): [Load<T>, () => void] {
  const [result, setResult] = useState<Load<T>>({ state: "loading" });
  const [round, setRound] = useState(0);

  useEffect(() => {
    let wanted = true;
    load().then(
      (value) => {
        if (wanted) setResult({ state: "ready", value });
      },
      (error: unknown) => {
        if (wanted) setResult({ state: "failed", error });
      },
    );
    return () => {
      wanted = false;
    };
  }, [load, round]);

  const again = useCallback(() => {
    setRound((count) => count + 1);
  }, []);
  return [result, again];
}
