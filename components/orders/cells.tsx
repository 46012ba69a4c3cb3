/** Cells that the tables and the items of a phone share. */
import type { OrderLine } from "../../server/contract/lines.ts";
import type { Side } from "../../server/contract/units.ts";
import { orderStatusWord, SIDE_MARK } from "../format/names.ts";
import { formatPreciseTimeUs } from "../format/time.ts";
import { useLive } from "../stream/live.tsx";
import { Tag, type Tone } from "../ui/tag.tsx";

export function SideCell({ side }: { readonly side: Side }) {
  return (
    <span className={side === "buy" ? "text-bid" : "text-ask"}>
      <span aria-hidden>{SIDE_MARK[side]}</span> {side}
    </span>
  );
}

const STATUS_TONES: Readonly<Record<string, Tone>> = {
  OPEN: "ok",
  PARTIALLY_FILLED: "accent",
  FILLED: "accent",
  UNKNOWN: "danger",
  REJECTED: "attention",
  PENDING_NEW: "attention",
  PENDING_AMEND: "attention",
  PENDING_CANCEL: "attention",
};

export function StatusCell({
  status,
  hasEnded = false,
}: {
  readonly status: string;
  readonly hasEnded?: boolean;
}) {
  if (hasEnded) return <span className="text-secondary line-through">{orderStatusWord(status)}</span>;
  return (
    <Tag tone={STATUS_TONES[status] ?? "quiet"} title={status}>
      {orderStatusWord(status)}
    </Tag>
  );
}

const DAY_US = 86_400e6;

/** The day of the engine, which lives on another one than the browser in a replay. */
export function useToday(): number | undefined {
  const desk = useLive("desk");
  return desk === undefined ? undefined : Math.floor(desk.value.atUs / DAY_US);
}

/** Milliseconds, and the date where it is not today's. */
export function InstantCell({ atUs, today }: { readonly atUs: number; readonly today: number | undefined }) {
  const iso = new Date(atUs / 1_000).toISOString();
  const isOtherDay = Math.floor(atUs / DAY_US) !== today;
  return (
    <time dateTime={iso} title={`${iso.replace("T", " ").replace("Z", "")} UTC`} className="text-secondary">
      {isOtherDay && `${iso.slice(5, 10)} `}
      {formatPreciseTimeUs(atUs)}
    </time>
  );
}

/** Quotes are the rule: only what is not one is said. */
export function RoleWord({ role }: { readonly role: OrderLine["role"] | undefined }) {
  return role === "reduce" ? <span className="text-attention">reduce</span> : null;
}
