import { formatAgeMs } from "../format/time.ts";
import { cx } from "./cx.ts";

/** Every venue of the desk says something several times a second: past this its age gets loud. */
const LOUD_AFTER_MS = 1_000;

/** Past this a figure may no longer be true, and is greyed. */
const STALE_AFTER_MS = 2_000;

/** Whether figures of a source that was last heard so many ms ago are greyed; of one that was never heard they are. */
export function isStaleAge(ageMs: number | undefined): boolean {
  return ageMs === undefined || ageMs > STALE_AFTER_MS;
}

/** How long ago the source of the figures beside it was last heard, in ms: quiet while that is short. */
export function Age({
  ageMs,
  title,
  className,
}: {
  readonly ageMs: number | undefined;
  readonly title: string;
  readonly className?: string;
}) {
  const isLoud = ageMs === undefined || ageMs > LOUD_AFTER_MS;
  return (
    <span
      title={title}
      className={cx("shrink-0 whitespace-nowrap", isLoud ? "text-attention" : "text-secondary", className)}
    >
      {isLoud && <span aria-hidden>◐ </span>}
      {ageMs === undefined ? "no feed" : formatAgeMs(calm(ageMs))}
    </span>
  );
}

/** Tenths of a second: finer ones would only flicker. */
function calm(ageMs: number): number {
  return Math.ceil(Math.max(ageMs, 1) / 100) * 100;
}
