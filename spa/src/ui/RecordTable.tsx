// Records as a table: the rows and what may be done to each in; the question before it is done, and the answer, out.
import type { ReactNode } from "react";
import { useState } from "react";
import type { StoredRecord } from "../api/records";
import { Link } from "./Link";
import { Question } from "./Question";

function dayOf(moment: string): string {
  const date = new Date(moment);
  return Number.isNaN(date.valueOf()) ? "" : new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(date);
}

interface Props {
  readonly records: readonly StoredRecord[];
  /** The second column: its head, and what it shows of a record. */
  readonly second: readonly [string, (record: StoredRecord) => ReactNode];
  /** Each is offered where it is given. */
  readonly assign?: ((record: StoredRecord) => void) | undefined;
  readonly remove?: ((record: StoredRecord) => void) | undefined;
}

export function RecordTable({ records, second: [head, shown], assign, remove }: Props) {
  const [asked, setAsked] = useState<StoredRecord | null>(null);
  if (records.length === 0) return null;
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col" className="wide">
              {head}
            </th>
            <th scope="col" className="wide">
              Changed
            </th>
            {assign || remove ? <th scope="col">Action</th> : null}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              <td>
                <Link to={`/records/${encodeURIComponent(record.id)}`}>{record.title}</Link>
                {assign ? <div className="narrow quiet">{shown(record)}</div> : null}
              </td>
              <td className="wide">{shown(record)}</td>
              <td className="wide">
                <time dateTime={record.updatedAt}>{dayOf(record.updatedAt)}</time>
              </td>
              {assign || remove ? (
                <td>
                  <div className="actions">
                    {assign ? <RowButton verb="Assign" record={record} press={assign} /> : null}
                    {remove ? <RowButton verb="Delete" record={record} press={setAsked} /> : null}
                  </div>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {asked ? (
        <Question
          title={`Delete “${asked.title}”?`}
          yes="Delete"
          danger
          answer={(yes) => {
            setAsked(null);
            if (yes) remove?.(asked);
          }}
        >
          <p>It cannot be brought back.</p>
        </Question>
      ) : null}
    </div>
  );
}

interface RowButtonProps {
  readonly verb: "Assign" | "Delete";
  readonly record: StoredRecord;
  readonly press: (record: StoredRecord) => void;
}

function RowButton({ verb, record, press }: RowButtonProps) {
  return (
    <button
      type="button"
      className={verb === "Delete" ? "danger" : undefined}
      aria-label={`${verb} ${record.title}`}
      onClick={() => {
        press(record);
      }}
    >
      {verb}
    </button>
  );
}
