// The signed-in app: who the caller is, asked once of the API, and the page that the address names.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Caller } from "../access";
import type { ApiClient } from "../api/client";
import { fetchCaller } from "../api/records";
import type { Account, Session } from "../auth/session";
import { Access } from "./Access";
import { AdminPage } from "./AdminPage";
import { FailureNotice } from "./FailureNotice";
import { Link } from "./Link";
import { NotFound } from "./NotFound";
import { NewRecordPage, RecordPage } from "./RecordPages";
import { RecordsPage } from "./RecordsPage";
import type { Route } from "./routes";
import { parseRoute, usePath } from "./routes";
import { useLoad } from "./useLoad";

/** What every signed-in page gets. */
export interface PageProps {
  readonly api: ApiClient;
  readonly session: Session;
  readonly caller: Caller;
  /** Get a token with the roles of now, and load the page's data with it. */
  readonly renew: () => void;
}

interface Props {
  readonly environment: string;
  readonly session: Session;
  readonly account: Account;
  readonly api: ApiClient;
}

const TITLES: Readonly<Record<Route["page"], string>> = {
  records: "Records",
  newRecord: "New record",
  record: "Record",
  admin: "Administration",
  notFound: "Page not found",
};

export function App({ environment, session, account, api }: Props) {
  const path = usePath();
  const route = parseRoute(path);
  const [caller, reload] = useLoad(useCallback(() => fetchCaller(api), [api]));
  const { renewal, renewing, renewError, renew } = useRenewal(session, reload);
  const [missing, setMissing] = useState(false);
  const title = missing ? "Record not found" : TITLES[route.page];
  const main = useFocusOnNewPage(path, title);

  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header environment={environment} route={route} account={account} session={session} />
      <div className="columns">
        <main id="main" ref={main} tabIndex={-1}>
          <h1 tabIndex={-1}>{title}</h1>
          {renewError ? <FailureNotice error={renewError} session={session} retry={renew} renew={renew} /> : null}
          {caller.state === "loading" ? <p role="status">Loading…</p> : null}
          {caller.state === "failed" ? (
            <FailureNotice error={caller.error} session={session} retry={reload} renew={renew} />
          ) : null}
          {caller.state === "ready" ? (
            <Page
              key={`${path}#${renewal}`}
              route={route}
              api={api}
              session={session}
              caller={caller.value}
              renew={renew}
              onMissing={setMissing}
            />
          ) : null}
        </main>
        {caller.state === "ready" ? (
          <Access caller={caller.value} account={account} renewing={renewing} renewed={renewal > 0} renew={renew} />
        ) : null}
      </div>
    </>
  );
}

function useRenewal(session: Session, reload: () => void) {
  const [renewal, setRenewal] = useState(0);
  const [renewing, setRenewing] = useState(false);
  const [renewError, setRenewError] = useState<unknown>(null);

  const renew = useCallback(() => {
    setRenewing(true);
    setRenewError(null);
    session
      .credentials({ renew: true })
      .then(() => {
        setRenewal((count) => count + 1);
        reload();
      })
      .catch(setRenewError)
      .finally(() => {
        setRenewing(false);
      });
  }, [session, reload]);
  useEffect(() => {
    window.addEventListener("manifest:applied", renew);
    return () => {
      window.removeEventListener("manifest:applied", renew);
    };
  }, [renew]);
  return { renewal, renewing, renewError, renew };
}

/** Name the page in the title and move the focus to it, as a full load would. */
function useFocusOnNewPage(path: string, title: string) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    document.title = `${title} – MyApp`;
    if (shown.current !== path) main.current?.focus();
    shown.current = path;
  }, [path, title]);
  return main;
}

function Header({ environment, route, account, session }: Omit<Props, "api"> & { readonly route: Route }) {
  const inRecords = route.page === "records" || route.page === "record" || route.page === "newRecord";
  return (
    <header>
      <p className="brand">
        MyApp <span className="badge">{environment}</span>
      </p>
      <nav aria-label="Pages">
        <Link to="/" current={inRecords}>
          Records
        </Link>
        <Link to="/admin" current={route.page === "admin"}>
          Administration
        </Link>
      </nav>
      <div className="account">
        <span>{account.name}</span>
        <button type="button" onClick={() => void session.signOut()}>
          Sign out
        </button>
      </div>
    </header>
  );
}

interface RoutedProps extends PageProps {
  readonly route: Route;
  readonly onMissing: (missing: boolean) => void;
}

function Page({ route, onMissing, ...props }: RoutedProps) {
  switch (route.page) {
    case "records":
      return <RecordsPage {...props} />;
    case "newRecord":
      return <NewRecordPage {...props} />;
    case "record":
      return <RecordPage {...props} id={route.id} onMissing={onMissing} />;
    case "admin":
      return <AdminPage {...props} />;
    case "notFound":
      return <NotFound what="nothing at this address" />;
  }
}
