import { cx } from "../ui/cx.ts";

/** A value on a short axis with the interval around it; the figures beside it say the same. */
export function RangeMark({
  value,
  half,
  around = value,
  low,
  high,
  className,
}: {
  readonly value: number;
  /** Half the width of the interval. */
  readonly half?: number | undefined;
  /** Middle of the interval, where that is not the value. */
  readonly around?: number;
  readonly low: number;
  readonly high: number;
  readonly className?: string;
}) {
  const place = (at: number): number => Math.min(1, Math.max(0, (at - low) / (high - low))) * 100;
  return (
    <span aria-hidden className={cx("relative inline-block h-2.5 w-20 shrink-0", className)}>
      <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
      {half !== undefined && (
        <span
          className="absolute inset-y-0.5 bg-current opacity-30"
          style={{
            left: `${place(around - half)}%`,
            width: `${place(around + half) - place(around - half)}%`,
          }}
        />
      )}
      <span className="absolute inset-y-0 -ml-px w-0.5 bg-current" style={{ left: `${place(value)}%` }} />
    </span>
  );
}
