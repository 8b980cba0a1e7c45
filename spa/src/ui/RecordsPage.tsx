// The list of records, with only the actions that the caller may take.
import { may, Operation } from "../access";
import { deleteRecord } from "../api/records";
import type { PageProps } from "./App";
import { FailureNotice } from "./FailureNotice";
import { Link } from "./Link";
import { Notice } from "./Notice";
import { RecordTable } from "./RecordTable";
import { useRecords } from "./useRecords";

export function RecordsPage({ api, session, caller, renew }: PageProps) {
  const { first, records, next, failure, done, again, more, act } = useRecords(api);

  if (first.state === "loading") return <p role="status">Loading…</p>;
  if (first.state === "failed") {
    return <FailureNotice error={first.error} session={session} retry={again} renew={renew} />;
  }
  return (
    <>
      {failure ? <FailureNotice error={failure} session={session} renew={renew} /> : null}
      {done === null ? null : <Notice tone="done" title={done} />}
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
          second={["Text", (record) => <div className="text clamped">{record.text}</div>]}
          remove={
            may(caller, Operation.DeleteRecord)
              ? (record) => {
                  act(() => deleteRecord(api, record.id), `“${record.title}” is deleted`, record);
                }
              : undefined
          }
        />
        {next === null ? null : (
          <button type="button" className="more" onClick={more}>
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
