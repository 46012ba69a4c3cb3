"use client";

import { useEffect, useRef } from "react";

/** The second press must come within this time of the first. */
export const TWICE_MS = 1_000;

/** Ctrl or ⌘ with the full stop: no browser and no field of a page uses it. */
export const STOP_KEYS = "Ctrl .";

/** Acts when the stop's keys are pressed twice, wherever the focus is; `first` tells of a first press. */
export function useStopKeys(act: () => void, first: () => void): void {
  const latest = useRef({ act, first });
  useEffect(() => {
    latest.current = { act, first };
  }, [act, first]);
  useEffect(() => {
    let pressedAtMs = -Infinity;
    const listener = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.code !== "Period" || event.repeat) return;
      event.preventDefault();
      if (event.timeStamp - pressedAtMs <= TWICE_MS) {
        pressedAtMs = -Infinity;
        latest.current.act();
        return;
      }
      pressedAtMs = event.timeStamp;
      latest.current.first();
    };
    // Capturing: an open dialog or a field must not keep the stop from being heard.
    addEventListener("keydown", listener, { capture: true });
    return () => removeEventListener("keydown", listener, { capture: true });
  }, []);
}
