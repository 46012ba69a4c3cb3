"use client";

import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { cx } from "../ui/cx.ts";
import { ErrorBoundary } from "../ui/errorBoundary.tsx";
import { ArmButton } from "./armButton.tsx";
import { CommandPalette } from "./commandPalette.tsx";
import { ConnectionState } from "./connectionState.tsx";
import { AlertCount, Clock, DayFigure, NetFigure } from "./figures.tsx";
import { GivingItem, GivingRow } from "./givingRow.tsx";
import { NavLinks } from "./nav.tsx";
import { NavSheet } from "./navSheet.tsx";
import { Receipt } from "./receipt.tsx";
import { RecordLight, RecordNote } from "./recordState.tsx";
import { RecoveryNote } from "./recoveryNote.tsx";
import { SessionEnd } from "./sessionEnd.tsx";
import { DeskState } from "./state.tsx";
import { StopButton } from "./stopButton.tsx";
import { useStopControl } from "./stopControl.tsx";
import { usePreload } from "./usePreload.ts";
import { VenueLights } from "./venues.tsx";

const LookMenu = dynamic(() => import("./lookMenu.tsx").then((module) => module.LookMenu), { ssr: false });

/**
 * On every page, at the same place: the stop first. On a phone the stop is below, in reach of the thumb. It lies
 * above open dialogs and takes the pointer there: what covers the page never covers the stop. What the line has no
 * room for is in the sheet at its end.
 */
export function Bar() {
  const { shown, dismiss } = useStopControl();
  usePreload();
  return (
    <>
      <header className="pointer-events-auto sticky top-0 z-60 border-b bg-panel">
        <div className="flex min-h-12 items-center gap-3 px-2 sm:px-3">
          <div className="hidden shrink-0 sm:block">
            <StopButton />
          </div>
          {/* A fault in what the bar shows must not take the stop along. */}
          <ErrorBoundary fallback={(error) => <BarFault error={error} />}>
            <BarLine isShort={shown !== undefined}>
              {/* Live, and always there: an open dialog hides the bar from screen readers, but not this. */}
              <div aria-live="polite" className="contents">
                {shown !== undefined && <Receipt shown={shown} onClose={dismiss} />}
              </div>
            </BarLine>
            <div className="flex shrink-0 items-center gap-1 max-sm:hidden">
              <div className="flex items-center gap-1 max-xl:hidden">
                <CommandPalette />
                <LookMenu />
              </div>
              <NavSheet />
            </div>
          </ErrorBoundary>
        </div>
        <ErrorBoundary fallback={(error) => <BarFault error={error} />}>
          <RecordNote />
          <RecoveryNote />
          <SessionEnd />
        </ErrorBoundary>
      </header>
      <div className="pointer-events-auto fixed inset-x-0 bottom-0 z-60 flex gap-2 border-t bg-panel p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:hidden">
        <StopButton wide keys={false} />
        <ErrorBoundary fallback={(error) => <BarFault error={error} />}>
          <NavSheet wide />
        </ErrorBoundary>
      </div>
    </>
  );
}

/** What is vital never gives way to the rest; after a stop its receipt takes the place of the rest. */
function BarLine({ isShort, children }: { readonly isShort: boolean; readonly children: ReactNode }) {
  return (
    <div
      className={cx(
        "flex min-w-0 grow flex-wrap items-center gap-x-3 gap-y-0.5 py-1",
        !isShort && "sm:flex-nowrap",
      )}
    >
      {!isShort && (
        <div className="shrink-0 max-xl:hidden">
          <NavLinks />
        </div>
      )}
      <ConnectionState brief />
      <DeskState brief />
      {!isShort && (
        <div className="shrink-0 empty:hidden max-lg:hidden">
          <ArmButton />
        </div>
      )}
      <div className="flex min-w-0 max-sm:ml-auto">
        <VenueLights brief />
      </div>
      {!isShort && <Figures />}
      {children}
    </div>
  );
}

/** In the order of their weight: the last gives way first. */
function Figures() {
  return (
    <GivingRow>
      <GivingItem>
        <NetFigure />
      </GivingItem>
      <GivingItem>
        <DayFigure />
      </GivingItem>
      <GivingItem className="max-sm:hidden">
        <AlertCount />
      </GivingItem>
      <GivingItem className="ml-auto max-sm:hidden">
        <Clock />
      </GivingItem>
      <GivingItem className="max-sm:hidden">
        <RecordLight />
      </GivingItem>
    </GivingRow>
  );
}

function BarFault({ error }: { readonly error: Error }) {
  return (
    <p role="alert" className="grow text-sm text-danger">
      ▲ The bar cannot show its figures ({error.message}). The stop works; reload the page for the figures.
    </p>
  );
}
