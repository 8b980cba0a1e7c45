// One record: the form for who may write, the plain text for who may only read, and why if neither.
import { useCallback, useEffect } from "react";
import { may, Operation } from "../access";
import { ApiFailure } from "../api/problem";
import type { RecordFields, StoredRecord } from "../api/records";
import { createRecord, readRecord, updateRecord } from "../api/records";
import type { PageProps } from "./App";
import { Denied } from "./Denied";
import { FailureNotice } from "./FailureNotice";
import { NotFound } from "./NotFound";
import { RecordForm } from "./RecordForm";
import { navigate } from "./routes";
import { useLoad } from "./useLoad";

const EMPTY: RecordFields = { title: "", text: "" };

function goToList() {
  navigate("/");
}

export function NewRecordPage({ api, session, caller, renew }: PageProps) {
  const operation = Operation.CreateRecord;
  if (!may(caller, operation)) {
    return <Denied caller={caller} operation={operation} what="create records" renew={renew} />;
  }
  return (
    <RecordForm
      page="/records/new"
      start={EMPTY}
      save={(fields) => createRecord(api, fields)}
      done={goToList}
      session={session}
      renew={renew}
    />
  );
}

/** Tell whether the API knows no record by this id, or takes it for no id at all. */
function isMissing(error: unknown): boolean {
  return error instanceof ApiFailure && (error.kind === "notFound" || error.kind === "invalid");
}

interface RecordProps extends PageProps {
  readonly id: string;
  /** Hears whether the record is not there, so that the page's heading says so. */
  readonly onMissing: (missing: boolean) => void;
}

export function RecordPage({ id, onMissing, ...props }: RecordProps) {
  const { api, session, renew } = props;
  const [record, again] = useLoad(useCallback(() => readRecord(api, id), [api, id]));
  const missing = record.state === "failed" && isMissing(record.error);
  useEffect(() => {
    onMissing(missing);
    return () => {
      onMissing(false);
    };
  }, [missing, onMissing]);
  switch (record.state) {
    case "loading":
      return <p role="status">Loading…</p>;
    case "failed":
      if (missing) return <NotFound what="no such record; it may have been deleted" />;
      return <FailureNotice error={record.error} session={session} retry={again} renew={renew} />;
    case "ready":
      return <OneRecord {...props} record={record.value} />;
  }
}

function OneRecord({ api, session, caller, renew, record }: PageProps & { readonly record: StoredRecord }) {
  if (!may(caller, Operation.UpdateRecord)) {
    return (
      <article className="panel">
        <h2>{record.title}</h2>
        <p className="text">{record.text}</p>
      </article>
    );
  }
  return (
    <RecordForm
      page={`/records/${record.id}`}
      start={record}
      save={(fields) => updateRecord(api, record.id, fields)}
      done={goToList}
      session={session}
      renew={renew}
    />
  );
}
