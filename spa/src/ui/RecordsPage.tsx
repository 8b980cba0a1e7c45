// The list of records, with only the actions that the caller may take.
import { useCallback, useRef, useState } from "react";
import { may } from "../access";
import type { StoredRecord } from "../api/records";
import { deleteRecord, listRecords } from "../api/records";
import type { PageProps } from "./App";
import { FailureNotice } from "./FailureNotice";
import { Link } from "./Link";
import { Notice } from "./Notice";
import { useLoad } from "./useLoad";

export function RecordsPage({ api, session, caller, renew }: PageProps) {
  const [records, again] = useLoad(useCallback(() => listRecords(api), [api]));
  const [failure, setFailure] = useState<unknown>(null);
  const [deleted, setDeleted] = useState<string | null>(null);

  async function remove(record: StoredRecord) {
    setFailure(null);
    setDeleted(null);
    try {
      await deleteRecord(api, record.id);
      setDeleted(record.title);
      again();
    } catch (error) {
      setFailure(error);
    }
  }

  if (records.state === "loading") return <p role="status">Loading…</p>;
  if (records.state === "failed") {
    return <FailureNotice error={records.error} session={session} retry={again} renew={renew} />;
  }
  return (
    <>
      {failure ? <FailureNotice error={failure} session={session} renew={renew} /> : null}
      {deleted === null ? null : <Notice tone="done" title={`“${deleted}” is deleted`} />}
      <div className="panel">
        <div className="toolbar">
          <p>{countOf(records.value)}</p>
          {may(caller, "create") ? (
            <Link to="/records/new" className="button primary">
              New record
            </Link>
          ) : null}
        </div>
        <RecordTable
          records={records.value}
          mayRemove={may(caller, "remove")}
          remove={(record) => {
            void remove(record);
          }}
        />
      </div>
    </>
  );
}

function countOf(records: readonly StoredRecord[]): string {
  if (records.length === 0) return "There are no records yet.";
  return records.length === 1 ? "1 record" : `${records.length} records`;
}

interface TableProps {
  readonly records: readonly StoredRecord[];
  readonly mayRemove: boolean;
  readonly remove: (record: StoredRecord) => void;
}

function RecordTable({ records, mayRemove, remove }: TableProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [asked, setAsked] = useState<StoredRecord | null>(null);
  if (records.length === 0) return null;

  function ask(record: StoredRecord) {
    setAsked(record);
    dialog.current?.showModal();
  }
  function answer(yes: boolean) {
    dialog.current?.close();
    if (yes && asked) remove(asked);
  }
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col">Text</th>
            {mayRemove ? <th scope="col">Action</th> : null}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              <td>
                <Link to={`/records/${encodeURIComponent(record.id)}`}>{record.title}</Link>
              </td>
              <td>{record.body}</td>
              {mayRemove ? (
                <td>
                  <button
                    type="button"
                    className="danger"
                    aria-label={`Delete ${record.title}`}
                    onClick={() => {
                      ask(record);
                    }}
                  >
                    Delete
                  </button>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      <dialog ref={dialog} aria-labelledby="ask-title">
        <h2 id="ask-title">Delete “{asked?.title}”?</h2>
        <p>It cannot be brought back.</p>
        <div className="actions">
          <button
            type="button"
            className="danger"
            onClick={() => {
              answer(true);
            }}
          >
            Delete
          </button>
          <button
            type="button"
            onClick={() => {
              answer(false);
            }}
          >
            Keep it
          </button>
        </div>
      </dialog>
    </div>
  );
}
