// A page that anyone can address and only administrators can read: the API decides, the page explains.
import { useCallback } from "react";
import { readAdminData } from "../api/records";
import type { PageProps } from "./App";
import { FailureNotice } from "./FailureNotice";
import { useLoad } from "./useLoad";

export function AdminPage({ api, session, renew }: PageProps) {
  const [data, again] = useLoad(useCallback(() => readAdminData(api), [api]));
  switch (data.state) {
    case "loading":
      return <p role="status">Loading…</p>;
    case "failed":
      return <FailureNotice error={data.error} session={session} retry={again} renew={renew} />;
    case "ready":
      return (
        <dl className="panel">
          {Object.entries(data.value).map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
      );
  }
}
