/** Which part of a recording a backtest runs over: `--from`, `--to`, `--stretch`. */
import { UserError } from "../contract/errors.ts";
import type { Manifest } from "../lab/recording/manifest.ts";
import { UsageError } from "./errors.ts";

export interface PeriodFlags {
  readonly from?: string;
  readonly to?: string;
  readonly stretch?: number | "longest";
}

interface Period {
  readonly fromUs: number;
  readonly toUs: number;
}

type Span = Pick<Manifest, "fromUs" | "toUs" | "stretches">;

const DAY_US = 86_400_000_000;

export function periodOf(flags: PeriodFlags, span: Span): Period {
  if (flags.stretch !== undefined) return findStretch(flags.stretch, span);
  const fromUs =
    flags.from === undefined ? span.fromUs : parseInstant("--from", flags.from, span, span.fromUs);
  const toUs = flags.to === undefined ? span.toUs : parseInstant("--to", flags.to, span, fromUs);
  if (fromUs >= span.toUs || toUs <= span.fromUs)
    throw new UserError(
      `nothing was recorded then: the recording runs from ${iso(span.fromUs)} to ${iso(span.toUs)}`,
    );
  if (fromUs >= toUs) throw new UsageError(`--from ${iso(fromUs)} does not lie before --to ${iso(toUs)}`);
  return { fromUs, toUs };
}

function findStretch(wanted: number | "longest", { stretches }: Span): Period {
  const longestFirst = [...stretches].sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs));
  const stretch = wanted === "longest" ? longestFirst[0] : stretches[wanted - 1];
  if (stretch === undefined) {
    const count = stretches.length;
    throw new UserError(
      `there is no stretch ${wanted}: the recording has ${count === 1 ? "one" : `${count} of them`} without a pause`,
    );
  }
  return stretch;
}

/**
 * A full instant, or a time of day on the recording's first day. A time before `notBeforeUs` is meant for the next
 * day if that lies in the recording. Without a zone it is UTC.
 */
function parseInstant(flag: string, text: string, span: Span, notBeforeUs: number): number {
  const clock = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (clock === null) return parseIso(flag, text);
  const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0));
  if (hours > 23 || minutes > 59 || seconds > 59) throw badInstant(flag, text);
  const atUs = Math.floor(span.fromUs / DAY_US) * DAY_US + ((hours * 60 + minutes) * 60 + seconds) * 1e6;
  return atUs < notBeforeUs && atUs + DAY_US <= span.toUs ? atUs + DAY_US : atUs;
}

function parseIso(flag: string, text: string): number {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(
    text,
  );
  const [, date = "", time = "00:00", zone = "Z"] = parts ?? [];
  const dayMs = Date.parse(`${date}T00:00Z`);
  const atMs = Date.parse(`${date}T${time}${zone}`);
  // A parser of dates turns the 31st of April into the 1st of May.
  const exists = !Number.isNaN(dayMs) && new Date(dayMs).toISOString().startsWith(date);
  if (parts === null || !exists || Number.isNaN(atMs)) throw badInstant(flag, text);
  return atMs * 1e3;
}

function badInstant(flag: string, text: string): UsageError {
  return new UsageError(
    `${flag} ${text} is no instant: write 2025-09-26T20:00:00Z, or 20:00:00 for a time of day`,
  );
}

function iso(atUs: number): string {
  return new Date(atUs / 1e3).toISOString();
}
