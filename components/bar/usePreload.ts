"use client";

import { useEffect } from "react";
import { loadArmDialog, loadSheetDialog, loadStopMenu } from "./dialogs.ts";

/** For browsers that do not say when they are idle. */
const AFTER_MS = 2_000;

/**
 * What stops and arms must open in a page that has outlived its build: its code is loaded while it is there.
 * Where that fails, opening it says so.
 */
export function usePreload(): void {
  useEffect(() => {
    const load = (): void => {
      void Promise.allSettled([
        loadStopMenu(),
        loadArmDialog(),
        // The way to the arm dialog on a phone.
        loadSheetDialog(),
      ]);
    };
    if (!("requestIdleCallback" in globalThis)) {
      const timer = setTimeout(load, AFTER_MS);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(load);
    return () => cancelIdleCallback(idle);
  }, []);
}
