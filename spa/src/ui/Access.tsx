// Who is signed in and what they may do, as the API sees it; and the way to take in a role given just now.
import type { Caller } from "../access";
import type { Account } from "../auth/session";

interface Props {
  readonly caller: Caller;
  readonly account: Account;
  readonly renewing: boolean;
  /** Whether a renewal has come through since the page was loaded. */
  readonly renewed: boolean;
  readonly renew: () => void;
}

function Values({ of, none }: { readonly of: readonly string[]; readonly none: string }) {
  if (of.length === 0) return <span className="none">{none}</span>;
  return (
    <ul className="chips">
      {of.map((value) => (
        <li key={value}>{value}</li>
      ))}
    </ul>
  );
}

export function Access({ caller, account, renewing, renewed, renew }: Props) {
  return (
    <aside className="access" aria-labelledby="access-title">
      <h2 id="access-title">Your access</h2>
      <dl>
        <div>
          <dt>Signed in as</dt>
          <dd>
            {caller.name || account.name} <span className="username">{account.username}</span>
          </dd>
        </div>
        <div>
          <dt>Roles</dt>
          <dd>
            <Values of={caller.roles} none="none" />
          </dd>
        </div>
        <div>
          <dt>Scopes</dt>
          <dd>
            <Values of={caller.scopes} none="none" />
          </dd>
        </div>
      </dl>
      <button type="button" onClick={renew} disabled={renewing}>
        {renewing ? "Renewing…" : "Renew my access"}
      </button>
      <p role="status" className="quiet">
        {renewed && !renewing ? "Your access is up to date." : ""}
      </p>
    </aside>
  );
}
