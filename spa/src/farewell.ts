// Remembers across Entra's sign-out page that this tab signed out, so that the page says so once.
const KEY = "signed-out";

/** Remember it, right before the page is left. */
export function signingOut(): void {
  sessionStorage.setItem(KEY, "yes");
}

/** Tell whether this tab just signed out, and forget it. */
export function justSignedOut(): boolean {
  const signedOut = sessionStorage.getItem(KEY) !== null;
  sessionStorage.removeItem(KEY);
  return signedOut;
}
