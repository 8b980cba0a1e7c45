// A question that waits for its answer: what is asked, and the words of yes, in; the answer out. Enter never does harm by mistake.
import type { ReactNode } from "react";
import { useEffect, useRef } from "react";

interface Props {
  readonly title: string;
  /** Null where there is nothing to answer. */
  readonly yes: string | null;
  /** Whether yes destroys something: then the first focus is on Cancel. */
  readonly danger?: boolean;
  readonly answer: (yes: boolean) => void;
  readonly children: ReactNode;
}

export function Question({ title, yes, danger = false, answer, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    if (danger) cancel.current?.focus();
  }, [danger]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="ask-title"
      onCancel={() => {
        answer(false);
      }}
    >
      <h2 id="ask-title">{title}</h2>
      {children}
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
        {yes === null ? null : (
          <button
            type="button"
            className={danger ? "danger" : "primary"}
            onClick={() => {
              answer(true);
            }}
          >
            {yes}
          </button>
        )}
      </div>
    </dialog>
  );
}
