// The records of a page, and what is done to them: an API and a way to load in; records, further ones, and actions with what became
// of the last one out.
import { useCallback, useState } from "react";
import type { ApiClient } from "../api/client";
import type { RecordPage, StoredRecord } from "../api/records";
import { listRecords } from "../api/records";
import type { Load } from "./useLoad";
import { useLoad } from "./useLoad";

export interface Records {
  /** What loads the page's first records. */
  readonly first: Load<RecordPage>;
  readonly records: readonly StoredRecord[];
  readonly next: string | null;
  readonly failure: unknown;
  /** What was done last, in words. */
  readonly done: string | null;
  readonly again: () => void;
  readonly more: () => void;
  /** Do something to a record that the list shows; a record that is gone leaves it at once. */
  readonly act: (action: () => Promise<unknown>, done: string, gone?: StoredRecord) => void;
}

interface Further {
  readonly owner: string | null;
  readonly pages: readonly RecordPage[];
}

/** Load records, newest first, of one owner where one is named. */
export function useRecords(api: ApiClient, owner: string | null = null): Records {
  const [first, again] = useLoad(useCallback(() => listRecords(api, null, owner), [api, owner]));
  const [further, setFurther] = useState<Further>({ owner, pages: [] });
  const [failure, setFailure] = useState<unknown>(null);
  const [done, setDone] = useState<string | null>(null);
  const [gone, setGone] = useState<StoredRecord | null>(null);

  async function act(action: () => Promise<unknown>, words: string, leaving?: StoredRecord) {
    setFailure(null);
    setDone(null);
    try {
      await action();
      setDone(words);
      setGone(leaving ?? null);
      setFurther({ owner, pages: [] });
      again();
      // The button that was pressed may be gone with its row.
      document.querySelector<HTMLElement>("main h1")?.focus();
    } catch (error) {
      setFailure(error);
    }
  }
  async function more(cursor: string) {
    setFailure(null);
    try {
      const page = await listRecords(api, cursor, owner);
      setFurther((known) => ({ owner, pages: [...(known.owner === owner ? known.pages : []), page] }));
    } catch (error) {
      setFailure(error);
    }
  }

  // What was loaded of another owner is not of this list.
  const pages = first.state === "ready" ? [first.value, ...(further.owner === owner ? further.pages : [])] : [];
  const next = pages.at(-1)?.next ?? null;
  return {
    first,
    // The list on the page is older than a deletion until it is loaded again.
    records: pages.flatMap((page) => page.items).filter((record) => record.id !== gone?.id),
    next,
    failure,
    done,
    again,
    more: () => {
      if (next !== null) void more(next);
    },
    act: (action, words, leaving) => void act(action, words, leaving),
  };
}
