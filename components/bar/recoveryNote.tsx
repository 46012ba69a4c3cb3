"use client";

import { useLive } from "../stream/live.tsx";

/** Under the bar of every page for as long as a run lives that could not take up all of the one before. */
export function RecoveryNote() {
  const leftOut = useLive("system")?.value.leftOut;
  return (
    <div role="status" aria-label="What the last start left out">
      {leftOut !== undefined && (
        <p className="border-t px-3 py-1 text-sm text-danger">
          <span aria-hidden>■ </span>A part of the earlier run could not be taken up: {leftOut}. Orders, fills
          and balances come from the venues again; look at parameters, baselines and states.
        </p>
      )}
    </div>
  );
}
