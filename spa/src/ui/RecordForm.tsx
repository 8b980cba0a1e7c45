// The fields of a record; what is typed outlives a failed save, a sign-in by redirect and a reload.
import type { SyntheticEvent } from "react";
import { useState } from "react";
import type { RecordFields } from "../api/records";
import type { Session } from "../auth/session";
import { keepDraft, readDraft } from "../drafts";
import { FailureNotice } from "./FailureNotice";

interface Props {
  /** Whose draft this is. */
  readonly page: string;
  readonly start: RecordFields;
  readonly save: (fields: RecordFields) => Promise<unknown>;
  readonly done: () => void;
  readonly session: Session;
  readonly renew: () => void;
}

function startFrom(page: string, start: RecordFields): RecordFields {
  const draft = readDraft(page);
  return draft === null ? { title: start.title, text: start.text } : (JSON.parse(draft) as RecordFields);
}

export function RecordForm({ page, start, save, done, session, renew }: Props) {
  const [fields, setFields] = useState(() => startFrom(page, start));
  const [failure, setFailure] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);

  function change(part: Partial<RecordFields>) {
    const changed = { ...fields, ...part };
    setFields(changed);
    keepDraft(page, JSON.stringify(changed));
  }
  function leave() {
    keepDraft(page, null);
    done();
  }
  async function submit() {
    setSaving(true);
    setFailure(null);
    try {
      await save(fields);
      leave();
    } catch (error) {
      setFailure(error);
    } finally {
      setSaving(false);
    }
  }
  return (
    <>
      {failure ? <FailureNotice error={failure} session={session} retry={() => void submit()} renew={renew} /> : null}
      <form
        className="panel"
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="field">
          <label htmlFor="title">Title</label>
          <input
            id="title"
            required
            maxLength={200}
            value={fields.title}
            onChange={(event) => {
              change({ title: event.target.value });
            }}
          />
        </div>
        <div className="field">
          <label htmlFor="text">Text</label>
          <textarea
            id="text"
            rows={5}
            maxLength={4000}
            value={fields.text}
            onChange={(event) => {
              change({ text: event.target.value });
            }}
          />
        </div>
        <div className="actions">
          <button type="submit" className="primary" disabled={saving}>
            {saving ? "Saving…" : "Save"}
          </button>
          <button type="button" onClick={leave}>
            Cancel
          </button>
        </div>
      </form>
    </>
  );
}
