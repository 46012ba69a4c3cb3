"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Dialog } from "../ui/dialog.tsx";
import { ArmButton } from "./armButton.tsx";
import { ConnectionState } from "./connectionState.tsx";
import { AlertCount, Clock, DayFigure, NetFigure } from "./figures.tsx";
import { isCurrent } from "./isCurrent.ts";
import { LookMenu } from "./lookMenu.tsx";
import { PAGES } from "./nav.tsx";
import { RecordLight } from "./recordState.tsx";
import { DeskState } from "./state.tsx";
import { VenueLights } from "./venues.tsx";

/** The pages, and all that the bar shows, whole. */
export function SheetDialog({ onClose }: { readonly onClose: () => void }) {
  const path = usePathname();
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Crossdesk"
    >
      <nav aria-label="Pages" className="flex flex-col">
        {PAGES.map(({ href, label }) => (
          <Link
            key={href}
            href={href}
            aria-current={isCurrent(href, path) ? "page" : undefined}
            onClick={onClose}
            className="flex h-11 items-center rounded px-2 text-lg text-secondary aria-[current=page]:bg-line aria-[current=page]:text-ink"
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className="mt-3 flex flex-col gap-3 border-t px-2 pt-3">
        <div className={ROW}>
          <DeskState />
          <ArmButton onArmed={onClose} />
        </div>
        <VenueLights />
        <div className={ROW}>
          <NetFigure />
          <DayFigure />
        </div>
        <div className={ROW}>
          <AlertCount />
          <RecordLight />
        </div>
        <div className={ROW}>
          <ConnectionState />
          <Clock />
          <span className="ml-auto" />
          <LookMenu />
        </div>
      </div>
    </Dialog>
  );
}

const ROW = "flex flex-wrap items-center gap-x-4 gap-y-2";
