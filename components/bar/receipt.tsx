"use client";

import type { StopReceipt } from "../../server/contract/link.ts";
import { venueName } from "../format/names.ts";
import { formatPreciseTimeUs, formatTimeMs } from "../format/time.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Tag } from "../ui/tag.tsx";
import { ArmButton } from "./armButton.tsx";
import { isComplete, type ShownStop } from "./stopControl.tsx";

/** What the stop did, step by step and venue by venue. It stays until a person closes it. */
export function Receipt({ shown, onClose }: { readonly shown: ShownStop; readonly onClose: () => void }) {
  const { receipt, failure } = shown;
  const isDone = receipt !== undefined && isComplete(receipt);
  return (
    <div
      role="status"
      aria-label="Receipt of the stop"
      className="flex min-w-0 grow flex-wrap items-center gap-x-4 gap-y-1 py-1 text-sm max-xl:basis-full xl:basis-0"
    >
      <Tag tone={isDone ? "danger" : "attention"}>
        {isDone ? "STOPPED" : "STOPPING"} {receipt?.scope ?? ""}
      </Tag>
      <span className="text-secondary">{formatTimeMs(receipt?.requestedAtMs ?? shown.sentAtMs)}</span>
      <Step label="latched" atMs={receipt?.latchedAtMs} fromMs={receipt?.requestedAtMs} />
      <Step label="engine" atMs={receipt?.acknowledgedAtMs} fromMs={receipt?.requestedAtMs} />
      {receipt?.accounts.map((account) => (
        <AccountProof key={account.account} account={account} />
      ))}
      {(failure ?? receipt?.failure) !== undefined && (
        <span role="alert" className="max-w-[60ch] text-danger">
          ▲ {failure ?? receipt?.failure}
        </span>
      )}
      <span className="ml-auto flex gap-2">
        {isDone && <ArmButton />}
        <Button onClick={onClose}>Close receipt</Button>
      </span>
    </div>
  );
}

function Step({
  label,
  atMs,
  fromMs,
}: {
  readonly label: string;
  readonly atMs: number | undefined;
  readonly fromMs: number | undefined;
}) {
  const isThere = atMs !== undefined && fromMs !== undefined;
  return (
    <span className={cx("whitespace-nowrap", isThere ? "text-ink" : "text-secondary")}>
      {isThere ? "✓" : "…"} {label}
      {isThere && <span className="text-secondary"> {Math.round(atMs - fromMs)} ms</span>}
    </span>
  );
}

function AccountProof({ account }: { readonly account: StopReceipt["accounts"][number] }) {
  const { clearedAtUs, sealedAtUs, status } = account;
  const word = sealedAtUs !== undefined ? "sealed" : clearedAtUs !== undefined ? "cleared" : "cancelling";
  const title = [
    `account ${status}`,
    clearedAtUs === undefined
      ? "orders may still rest"
      : `no order left at ${formatPreciseTimeUs(clearedAtUs)}`,
    sealedAtUs === undefined
      ? "requests on the way have not expired yet"
      : `nothing can come after ${formatPreciseTimeUs(sealedAtUs)}`,
  ].join(" · ");
  return (
    <span title={title} className={cx("whitespace-nowrap", sealedAtUs === undefined && "text-attention")}>
      {sealedAtUs !== undefined ? "✓" : clearedAtUs !== undefined ? "◐" : "…"} {venueName(account.account)}{" "}
      {word}
    </span>
  );
}
