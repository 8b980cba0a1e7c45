// Says what a person would need for an action that the page does not offer them.
import type { Caller, Operation } from "../access";
import { missing } from "../access";
import { Notice } from "./Notice";

interface Props {
  readonly caller: Caller;
  readonly operation: Operation;
  readonly what: string;
  readonly renew: () => void;
}

export function Denied({ caller, operation, what, renew }: Props) {
  const { scope, role } = missing(caller, operation);
  return (
    <Notice
      tone="hint"
      title={`You may not ${what}`}
      actions={
        <button type="button" className="primary" onClick={renew}>
          Renew my access
        </button>
      }
    >
      {role ? (
        <p>
          It takes the role <strong>{role}</strong>, which an administrator gives.
        </p>
      ) : null}
      {scope ? (
        <p>
          This app was not given the scope <code>{scope}</code> for you.
        </p>
      ) : null}
      <p>If that changed a moment ago, renew your access: a token keeps the roles of the time it was made.</p>
    </Notice>
  );
}
