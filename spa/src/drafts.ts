// Keeps what was typed through a sign-in by redirect: text by page in sessionStorage, gone with the tab.

const PREFIX = "draft:";

/** The draft of a page, or null. */
export function readDraft(page: string): string | null {
  return sessionStorage.getItem(PREFIX + page);
}

/** Keep a draft; null forgets it. */
export function keepDraft(page: string, text: string | null): void {
  if (text === null) sessionStorage.removeItem(PREFIX + page);
  else sessionStorage.setItem(PREFIX + page, text);
}

/** Forget all drafts: the next person at this tab must not find them. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}
