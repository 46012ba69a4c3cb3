"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Dialog } from "../ui/dialog.tsx";
import { ArmButton } from "./armButton.tsx";
import { AlertCount, Clock, ConnectionAge } from "./figures.tsx";
import { isCurrent } from "./isCurrent.ts";
import { LookMenu } from "./lookMenu.tsx";
import { PAGES } from "./nav.tsx";

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
      <div className="mt-3 flex flex-wrap items-center gap-4 border-t pt-3">
        <AlertCount />
        <Clock />
        <ConnectionAge />
        <ArmButton onArmed={onClose} />
        <span className="ml-auto" />
        <LookMenu />
      </div>
    </Dialog>
  );
}
