// Whose the records are, and what administrators do about it: anyone can address the page, the API decides, the page explains.
import { useCallback, useEffect, useState } from "react";
import { may, Operation } from "../access";
import type { Overview, Owner, StoredRecord } from "../api/records";
import { assignRecord, deleteRecord, readOverview } from "../api/records";
import type { PageProps } from "./App";
import { FailureNotice } from "./FailureNotice";
import { Notice } from "./Notice";
import { Question } from "./Question";
import { RecordTable } from "./RecordTable";
import { useLoad } from "./useLoad";
import { useRecords } from "./useRecords";

export function AdminPage(props: PageProps) {
  const { api, session, renew } = props;
  const [overview, again] = useLoad(useCallback(() => readOverview(api), [api]));
  switch (overview.state) {
    case "loading":
      return <p role="status">Loading…</p>;
    case "failed":
      return <FailureNotice error={overview.error} session={session} retry={again} renew={renew} />;
    case "ready":
      return <Administration {...props} overview={overview.value} reload={again} />;
  }
}

interface Props extends PageProps {
  readonly overview: Overview;
  readonly reload: () => void;
}

function Administration({ api, session, caller, renew, overview, reload }: Props) {
  const [owner, setOwner] = useState("");
  const [asked, setAsked] = useState<StoredRecord | null>(null);
  const { first, records, next, failure, done, again, more, act } = useRecords(api, owner || null);
  // Each load of records may follow something that was done to one, and this visit itself is known since.
  useEffect(() => {
    if (first.state === "ready") reload();
  }, [first, reload]);
  const nameOf = (id: string) => labelOf(overview.owners.find((each) => each.id === id)) || id;

  return (
    <>
      {failure ? <FailureNotice error={failure} session={session} renew={renew} /> : null}
      {done === null ? null : <Notice tone="done" title={done} />}
      {first.state === "failed" ? (
        <FailureNotice error={first.error} session={session} retry={again} renew={renew} />
      ) : null}
      <div className="panel">
        <div className="toolbar">
          <p>{summaryOf(overview)}</p>
          <div>
            <label htmlFor="owner">Of</label>
            <select
              id="owner"
              value={owner}
              onChange={(event) => {
                setOwner(event.target.value);
              }}
            >
              <option value="">everybody ({overview.records})</option>
              {overview.owners
                .filter((each) => each.records > 0 || each.id === owner)
                .map((each) => (
                  <option key={each.id} value={each.id}>
                    {labelOf(each)} ({each.records})
                  </option>
                ))}
            </select>
          </div>
        </div>
        <RecordTable
          records={records}
          second={["Owner", (record) => nameOf(record.owner)]}
          assign={may(caller, Operation.AssignRecord) ? setAsked : undefined}
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
      {asked ? (
        <AssignQuestion
          record={asked}
          owners={overview.owners}
          answer={(to) => {
            setAsked(null);
            if (to) {
              act(() => assignRecord(api, asked.id, to), `“${asked.title}” belongs to ${nameOf(to)} now`);
            }
          }}
        />
      ) : null}
    </>
  );
}

interface AssignProps {
  readonly record: StoredRecord;
  readonly owners: readonly Owner[];
  /** Called with the new owner's id, or null. */
  readonly answer: (to: string | null) => void;
}

function AssignQuestion({ record, owners, answer }: AssignProps) {
  const others = owners.filter((each) => each.id !== record.owner);
  const [to, setTo] = useState(others[0]?.id ?? "");
  return (
    <Question
      title={`Who shall own “${record.title}”?`}
      yes={others.length > 0 ? "Assign" : null}
      answer={(yes) => {
        answer(yes && to ? to : null);
      }}
    >
      <p>
        It belongs to {labelOf(owners.find((each) => each.id === record.owner)) || record.owner}. Its text stays as it
        is.
      </p>
      {others.length > 0 ? (
        <div className="field">
          <label htmlFor="to">New owner</label>
          <select
            id="to"
            value={to}
            onChange={(event) => {
              setTo(event.target.value);
            }}
          >
            {others.map((each) => (
              <option key={each.id} value={each.id}>
                {labelOf(each)}
              </option>
            ))}
          </select>
          <p className="quiet">Whoever has opened the records once is listed.</p>
        </div>
      ) : (
        <p>Nobody else has opened the records yet, so there is nobody to give it to.</p>
      )}
    </Question>
  );
}

/** Name an owner: people by name and user name, since names repeat; an application has an id alone. */
function labelOf(owner: Owner | undefined): string {
  if (!owner) return "";
  if (owner.kind === "application") return `application ${owner.id}`;
  if (!owner.username) return owner.name || owner.id;
  return owner.name ? `${owner.name}, ${owner.username}` : owner.username;
}

function summaryOf({ records, owners }: Overview): string {
  const owning = owners.filter((each) => each.records > 0).length;
  if (records === 0) return "There are no records yet.";
  return `${records === 1 ? "1 record" : `${records} records`} of ${owning === 1 ? "1 owner" : `${owning} owners`}`;
}
