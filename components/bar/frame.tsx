"use client";

import type { ReactNode } from "react";
import { ApiProvider } from "../session/api.tsx";
import type { Look } from "../session/look.ts";
import { LookProvider } from "../session/lookProvider.tsx";
import { ShapeProvider } from "../session/shape.tsx";
import { LiveProvider } from "../stream/live.tsx";
import { DialogStop } from "../ui/dialog.tsx";
import { Toaster } from "../ui/toast.tsx";
import { Bar } from "./bar.tsx";
import { StopButton } from "./stopButton.tsx";
import { StopProvider } from "./stopControl.tsx";

/** What every page stands in: the connection, the stop and the bar. A page that crashes takes none of it along. */
export function Frame({ look, children }: { readonly look: Look; readonly children: ReactNode }) {
  return (
    <ApiProvider>
      <LiveProvider>
        <ShapeProvider>
          <LookProvider initial={look}>
            <StopProvider>
              <DialogStop value={DIALOG_STOP}>
                <a
                  href="#page"
                  className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-40 focus:z-50 focus:bg-raised focus:p-2"
                >
                  Skip to the page
                </a>
                <Bar />
                <main id="page" className="p-2 pb-20 sm:p-3">
                  {children}
                </main>
                <Toaster />
              </DialogStop>
            </StopProvider>
          </LookProvider>
        </ShapeProvider>
      </LiveProvider>
    </ApiProvider>
  );
}

/** The keys are heard by the stop of the bar. */
const DIALOG_STOP = <StopButton keys={false} />;
