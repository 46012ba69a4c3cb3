import { cx } from "./cx.ts";

/** Bars where rows will be. They hold the height so that nothing jumps when the values arrive. */
export function Skeleton({ rows, className }: { readonly rows: number; readonly className?: string }) {
  return (
    <div aria-hidden className={cx("flex flex-col gap-3 p-1", className)}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="h-4 rounded bg-line" style={{ width: `${92 - ((row * 17) % 35)}%` }} />
      ))}
    </div>
  );
}
