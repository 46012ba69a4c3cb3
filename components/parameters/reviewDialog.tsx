"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import type { ParameterChange } from "../../server/contract/params.ts";
import { errorCode, useTRPC, useTRPCClient } from "../session/api.tsx";
import { queryState, refusalText } from "../session/queryState.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, TextArea } from "../ui/field.tsx";
import { Panel } from "../ui/panel.tsx";
import type { Applied } from "./applied.ts";
import { DiffList, type DiffRow } from "./diffList.tsx";

/** Three characters at least: the server asks for the same. */
export const REASON_MIN = 3;

export interface Review {
  readonly title: string;
  /** Of the button that does it. */
  readonly verb: string;
  readonly rows: readonly DiffRow[];
  readonly changes: readonly ParameterChange[];
  /** The engine takes the changes only while this is its newest version. */
  readonly expectedVersion: number;
  readonly reason: string;
  /** Sends it. The id makes sending it again safe. */
  readonly send: (
    client: ReturnType<typeof useTRPCClient>,
    order: { readonly commandId: string; readonly reason: string; readonly expectedVersion: number },
  ) => Promise<{ readonly paramVersion: number }>;
}

export interface ReviewDialogProps {
  readonly review: Review | undefined;
  /** Only looked at: applying is one more click. */
  readonly isCheck: boolean;
  readonly onApply: () => void;
  readonly onClose: () => void;
  readonly onReason: (reason: string) => void;
  readonly onDone: (applied: Applied) => void;
  readonly onConflict: () => void;
}

export interface Problem {
  /** Position among the changes; -1: of all together. */
  readonly index: number;
  readonly code: string;
  readonly text: string;
}

/** What the engine would say, what would change, and why a person wants it. */
export function ReviewDialog(props: ReviewDialogProps) {
  const { review, isCheck, onClose } = props;
  return (
    <Dialog
      open={review !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={review?.title ?? "Parameters"}
      description={
        isCheck
          ? "Nothing has been sent. This is what the engine would say to the changes."
          : "The engine takes all of it or none. Who, when and why are recorded."
      }
    >
      {review !== undefined && <ReviewBody {...props} review={review} />}
    </Dialog>
  );
}

function ReviewBody({
  review,
  isCheck,
  onApply,
  onClose,
  onReason,
  onDone,
  onConflict,
}: ReviewDialogProps & { readonly review: Review }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { changes, rows, expectedVersion, verb } = review;
  const check = useQuery(
    trpc.config.check.queryOptions({ changes: [...changes] }, { staleTime: 0, gcTime: 0 }),
  );
  const problems = check.data?.problems ?? [];
  const [reason, setReason] = useState(review.reason);
  const [refusal, setRefusal] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  /** One id for as long as it is not known what became of the command. */
  const commandId = useRef<string>(undefined);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const sentAtMs = Date.now();
    setBusy(true);
    commandId.current ??= crypto.randomUUID();
    try {
      const order = { commandId: commandId.current, reason: reason.trim(), expectedVersion };
      const { paramVersion } = await review.send(client, order);
      onDone({
        what: `${rows.length === 1 ? "1 change" : `${rows.length} changes`}:`,
        sentAtMs,
        acceptedAtMs: Date.now(),
        version: paramVersion,
        quotingAtMs: undefined,
      });
    } catch (error) {
      const code = errorCode(error);
      // A refusal is final for its id; without an answer the same id must be sent again.
      if (code === "REFUSED" || code === "VERSION_CONFLICT" || code === "BAD_INPUT" || code === "NOT_FOUND")
        commandId.current = undefined;
      if (code === "VERSION_CONFLICT") onConflict();
      setRefusal(refusalText(error));
      setBusy(false);
    }
  }

  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
      <Panel title="What changes" state={queryState(check)}>
        <DiffList
          label="Before and after"
          rows={rows.map((row, at) => {
            const own = problems.filter(({ index }) => index === at);
            return own.length === 0
              ? row
              : { ...row, note: own.map((one) => <Problem key={one.text} problem={one} />) };
          })}
        />
        {problems
          .filter(({ index }) => index < 0)
          .map((problem) => (
            <Problem key={problem.text} problem={problem} />
          ))}
        {check.data !== undefined && problems.length === 0 && (
          <p className="pt-2 text-sm text-ok">✓ The engine would take this.</p>
        )}
      </Panel>
      {!isCheck && (
        <Field label="Reason" help="One sentence that a colleague understands tomorrow." error={refusal}>
          {(ids) => (
            <TextArea
              {...ids}
              required
              minLength={REASON_MIN}
              maxLength={500}
              value={reason}
              onChange={(event) => {
                setReason(event.target.value);
                onReason(event.target.value);
              }}
            />
          )}
        </Field>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{isCheck ? "Close" : "Cancel"}</Button>
        {isCheck ? (
          <Button
            variant="primary"
            disabled={check.data === undefined || problems.length > 0}
            onClick={onApply}
          >
            {verb} …
          </Button>
        ) : (
          <Button
            type="submit"
            variant="primary"
            busy={isBusy}
            disabled={problems.length > 0 || reason.trim().length < REASON_MIN}
          >
            {verb}
          </Button>
        )}
      </div>
    </form>
  );
}

function Problem({ problem }: { readonly problem: Problem }) {
  return (
    <p role="alert" className="pt-1 text-sm text-danger">
      ▲ {problem.code}: {problem.text}
    </p>
  );
}
