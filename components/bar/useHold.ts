"use client";

import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from "react";

/** Long enough that a brush over the button is none, short enough to be no obstacle. */
export const HOLD_MS = 600;

interface HoldHandlers {
  readonly onMouseDown: (event: MouseEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerUp: () => void;
  readonly onPointerLeave: () => void;
  readonly onPointerCancel: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onKeyUp: () => void;
  readonly onBlur: () => void;
}

/** Acts after the button was held, with pointer, Space or Enter; `short` hears of one that was let go early. */
export function useHold(
  act: () => void,
  short: () => void,
): { readonly isHeld: boolean; readonly handlers: HoldHandlers } {
  const [isHeld, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ act, short });
  useEffect(() => {
    latest.current = { act, short };
  }, [act, short]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function start(): void {
    clearTimeout(timer.current);
    setHeld(true);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      setHeld(false);
      latest.current.act();
    }, HOLD_MS);
  }

  function release(): boolean {
    const wasPending = timer.current !== undefined;
    clearTimeout(timer.current);
    timer.current = undefined;
    setHeld(false);
    return wasPending;
  }

  function letGo(): void {
    if (release()) latest.current.short();
  }

  return {
    isHeld,
    handlers: {
      // Focus stays where it is: an open dialog would take it back at once, and with it the hold.
      onMouseDown: (event) => event.preventDefault(),
      onPointerDown: (event) => {
        if (event.button === 0) start();
      },
      onPointerUp: letGo,
      onPointerLeave: () => void release(),
      onPointerCancel: () => void release(),
      onKeyDown: (event) => {
        if ((event.key === " " || event.key === "Enter") && !event.repeat) start();
      },
      onKeyUp: letGo,
      onBlur: () => void release(),
    },
  };
}
