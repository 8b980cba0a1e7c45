// The list of records, with only the actions that the caller may take.
import { useCallback, useRef, useState } from "react";
import { may, Operation } from "../access";
import type { RecordPage, StoredRecord } from "../api/records";
import { deleteRecord, listRecords } from "../api/records";
import type { PageProps } from "./App";
import { FailureNotice } from "./FailureNotice";
import { Link } from "./Link";
import { Notice } from "./Notice";
import { useLoad } from "./useLoad";

export function RecordsPage({ api, session, caller, renew }: PageProps) {
  const [first, again] = useLoad(useCallback(() => listRecords(api), [api]));
  const [further, setFurther] = useState<readonly RecordPage[]>([]);
  const [failure, setFailure] = useState<unknown>(null);
  const [deleted, setDeleted] = useState<StoredRecord | null>(null);

  async function remove(record: StoredRecord) {
    setFailure(null);
    setDeleted(null);
    try {
      await deleteRecord(api, record.id);
      setDeleted(record);
      setFurther([]);
      again();
      // The button that was pressed is gone with its row.
      document.querySelector<HTMLElement>("main h1")?.focus();
    } catch (error) {
      setFailure(error);
    }
  }
  async function loadMore(cursor: string) {
    setFailure(null);
    try {
      const page = await listRecords(api, cursor);
      setFurther((pages) => [...pages, page]);
    } catch (error) {
      setFailure(error);
    }
  }

  if (first.state === "loading") return <p role="status">Loading…</p>;
  if (first.state === "failed") {
    return <FailureNotice error={first.error} session={session} retry={again} renew={renew} />;
  }
  const pages = [first.value, ...further];
  // The list on the page is older than the deletion until it is loaded again.
  const records = pages.flatMap((page) => page.items).filter((record) => record.id !== deleted?.id);
  const next = pages.at(-1)?.next ?? null;
  return (
    <>
      {failure ? <FailureNotice error={failure} session={session} renew={renew} /> : null}
      {deleted === null ? null : <Notice tone="done" title={`“${deleted.title}” is deleted`} />}
      <div className="panel">
        <div className="toolbar">
          <p>{countOf(records.length, next !== null)}</p>
          {may(caller, Operation.CreateRecord) ? (
            <Link to="/records/new" className="button primary">
              New record
            </Link>
          ) : null}
        </div>
        <RecordTable
          records={records}
          mayRemove={may(caller, Operation.DeleteRecord)}
          remove={(record) => void remove(record)}
        />
        {next === null ? null : (
          <button type="button" className="more" onClick={() => void loadMore(next)}>
            Show more
          </button>
        )}
      </div>
    </>
  );
}

function countOf(count: number, more: boolean): string {
  if (count === 0) return "There are no records yet.";
  if (more) return `The newest ${count} records`;
  return count === 1 ? "1 record" : `${count} records`;
}

function dayOf(moment: string): string {
  const date = new Date(moment);
  return Number.isNaN(date.valueOf()) ? "" : new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(date);
}

interface TableProps {
  readonly records: readonly StoredRecord[];
  readonly mayRemove: boolean;
  readonly remove: (record: StoredRecord) => void;
}

function RecordTable({ records, mayRemove, remove }: TableProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const [asked, setAsked] = useState<StoredRecord | null>(null);
  if (records.length === 0) return null;

  function ask(record: StoredRecord) {
    setAsked(record);
    dialog.current?.showModal();
    // Enter must not delete by mistake.
    cancel.current?.focus();
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
            <th scope="col" className="wide">
              Text
            </th>
            <th scope="col" className="wide">
              Changed
            </th>
            {mayRemove ? <th scope="col">Action</th> : null}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              <td>
                <Link to={`/records/${encodeURIComponent(record.id)}`}>{record.title}</Link>
              </td>
              <td className="wide">
                <div className="text clamped">{record.text}</div>
              </td>
              <td className="wide">
                <time dateTime={record.updatedAt}>{dayOf(record.updatedAt)}</time>
              </td>
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
            ref={cancel}
            onClick={() => {
              answer(false);
            }}
          >
            Cancel
          </button>
          <button
            type="button"
            className="danger"
            onClick={() => {
              answer(true);
            }}
          >
            Delete
          </button>
        </div>
      </dialog>
    </div>
  );
}
