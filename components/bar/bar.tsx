"use client";

import dynamic from "next/dynamic";
import { ErrorBoundary } from "../ui/errorBoundary.tsx";
import { CommandPalette } from "./commandPalette.tsx";
import { BarFigures, NetFigure, DayFigure } from "./figures.tsx";
import { NavLinks } from "./nav.tsx";
import { NavSheet } from "./navSheet.tsx";
import { Receipt } from "./receipt.tsx";
import { RecordNote } from "./recordState.tsx";
import { RecoveryNote } from "./recoveryNote.tsx";
import { DeskState } from "./state.tsx";
import { StopButton } from "./stopButton.tsx";
import { useStopControl } from "./stopControl.tsx";
import { usePreload } from "./usePreload.ts";
import { VenueLights } from "./venues.tsx";

const LookMenu = dynamic(() => import("./lookMenu.tsx").then((module) => module.LookMenu), { ssr: false });

/**
 * On every page, at the same place: the stop first. On a phone the stop is below, in reach of the thumb. It lies
 * above open dialogs and takes the pointer there: what covers the page never covers the stop.
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
            {shown === undefined && (
              <>
                <div className="hidden min-w-0 grow items-center gap-3 sm:flex">
                  <NavLinks />
                  <BarFigures />
                  <CommandPalette />
                  <LookMenu />
                </div>
                <div className="flex min-w-0 grow flex-col py-1 sm:hidden">
                  <div className="flex items-center gap-3">
                    <DeskState />
                    <span className="ml-auto" />
                    <VenueLights />
                  </div>
                  <div className="flex items-center justify-between gap-3">
                    <NetFigure />
                    <DayFigure />
                  </div>
                </div>
              </>
            )}
            {/* Live, and always there: an open dialog hides the bar from screen readers, but not this. */}
            <div aria-live="polite" className="contents">
              {shown !== undefined && <Receipt shown={shown} onClose={dismiss} />}
            </div>
          </ErrorBoundary>
        </div>
        <ErrorBoundary fallback={(error) => <BarFault error={error} />}>
          <RecordNote />
          <RecoveryNote />
        </ErrorBoundary>
      </header>
      <div className="pointer-events-auto fixed inset-x-0 bottom-0 z-60 flex gap-2 border-t bg-panel p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:hidden">
        <StopButton wide keys={false} />
        <ErrorBoundary fallback={(error) => <BarFault error={error} />}>
          <NavSheet />
        </ErrorBoundary>
      </div>
    </>
  );
}

function BarFault({ error }: { readonly error: Error }) {
  return (
    <p role="alert" className="grow text-sm text-danger">
      ▲ The bar cannot show its figures ({error.message}). The stop works; reload the page for the figures.
    </p>
  );
}
