"use client";

import dynamic from "next/dynamic";
import { useCallback } from "react";
import { useLive } from "../stream/live.tsx";
import { cx } from "../ui/cx.ts";
import { ErrorBoundary } from "../ui/errorBoundary.tsx";
import { toast } from "../ui/toast.tsx";
import { useStopControl } from "./stopControl.tsx";
import { HOLD_MS, useHold } from "./useHold.ts";
import { STOP_KEYS, useStopKeys } from "./useTwice.ts";
import { loadStopMenu } from "./dialogs.ts";
import { MenuButton } from "./menuButton.tsx";
import { cancelWords, countQuotes, DESK_SCOPE, type StateChoice } from "./words.ts";

// Loaded right after the page: the stop itself waits for nothing.
const StopMenu = dynamic(loadStopMenu, {
  ssr: false,
  loading: () => <MenuButton disabled />,
});

/** Needs neither live values nor anything else of the page: it stops the desk whatever is known of it. */
const STOP_DESK: StateChoice = {
  key: "desk KILLED",
  label: "Stop everything",
  detail: "",
  scope: DESK_SCOPE,
  state: "KILLED",
};

/** The stop: held for 600 ms, or its keys pressed twice. The graded stops are in the menu beside it. */
export function StopButton({
  wide = false,
  keys = true,
}: {
  readonly wide?: boolean;
  readonly keys?: boolean;
}) {
  const { act } = useStopControl();
  const desk = useLive("desk")?.value;
  const stop = useCallback(() => act(STOP_DESK), [act]);
  const { isHeld, handlers } = useHold(stop, sayHow);
  const words = cancelWords(countQuotes(desk));
  return (
    <div className={cx("flex shrink-0", wide && "grow")}>
      {keys && <StopKeys act={stop} />}
      <button
        type="button"
        aria-label={`Stop everything: ${words}. Hold for ${HOLD_MS} milliseconds, or press ${STOP_KEYS} twice.`}
        title={`Hold to stop everything: ${words} · or ${STOP_KEYS} twice`}
        data-held={isHeld || undefined}
        onContextMenu={(event) => event.preventDefault()}
        {...handlers}
        className={cx(
          "relative h-9 touch-none overflow-hidden rounded-l border border-danger px-3 font-semibold whitespace-nowrap select-none",
          isHeld ? "text-on-solid" : "text-danger",
          wide && "h-11 grow",
        )}
      >
        <span
          aria-hidden
          className={cx(
            "absolute inset-0 origin-left bg-danger",
            isHeld ? "scale-x-100 transition-transform duration-600 ease-linear" : "scale-x-0",
          )}
        />
        <span className={cx("relative", wide && "flex flex-col items-center")}>
          ■ STOP <span className="text-sm font-normal">{wide ? "the whole desk" : "desk"}</span>
        </span>
      </button>
      {/* The menu's code may fail to load; the stop beside it must not care. */}
      <ErrorBoundary
        fallback={() => <MenuButton wide={wide} disabled />}
        oldPage={<MenuButton wide={wide} aria-label={OLD_PAGE} title={OLD_PAGE} onClick={reload} />}
      >
        <StopMenu wide={wide} />
      </ErrorBoundary>
    </div>
  );
}

function StopKeys({ act }: { readonly act: () => void }) {
  const first = useCallback(() => toast("attention", `Press ${STOP_KEYS} again to stop everything.`), []);
  useStopKeys(act, first);
  return null;
}

const OLD_PAGE = "Graded stops: this page is of an older version, reload it";

function reload(): void {
  location.reload();
}

function sayHow(): void {
  toast("attention", `Hold STOP for ${HOLD_MS} ms, or press ${STOP_KEYS} twice.`);
}
