// The app's addresses: a path in, the page it names out; and the way from one to the next without a reload.
import { useSyncExternalStore } from "react";

export type Route =
  | { readonly page: "records" }
  | { readonly page: "newRecord" }
  | { readonly page: "record"; readonly id: string }
  | { readonly page: "admin" }
  | { readonly page: "notFound" };

/** Name the page of a path. */
export function parseRoute(path: string): Route {
  const segments = path.split("/").filter(Boolean);
  if (segments.length === 0) return { page: "records" };
  if (segments.length === 1 && segments[0] === "admin") return { page: "admin" };
  if (segments.length === 2 && segments[0] === "records") {
    const id = segments[1] ?? "";
    return id === "new" ? { page: "newRecord" } : { page: "record", id };
  }
  return { page: "notFound" };
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  return () => {
    window.removeEventListener("popstate", listener);
  };
}

/** The current path; renders again when it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** Go to a path of this app. */
export function navigate(path: string): void {
  window.history.pushState(null, "", path);
  window.dispatchEvent(new PopStateEvent("popstate"));
}
