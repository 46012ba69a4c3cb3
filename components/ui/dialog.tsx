"use client";

import { Dialog as Radix } from "radix-ui";
import { createContext, useContext, type ReactNode } from "react";
import { cx } from "./cx.ts";

/**
 * The stop, as every dialog has it in its frame: behind an open dialog the bar does not exist for the
 * keyboard and for screen readers.
 */
export const DialogStop = createContext<ReactNode>(null);

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** One sentence: what this is for, or what will happen. */
  readonly description?: ReactNode;
  readonly wide?: boolean;
  /** Buttons, the safe one first: it takes the focus. */
  readonly footer?: ReactNode;
  readonly children?: ReactNode;
}

export function Dialog({ open, onOpenChange, title, description, wide, footer, children }: DialogProps) {
  const stop = useContext(DialogStop);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-ground/70" />
        <Radix.Content
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className={cx(
            "fixed z-50 flex flex-col border bg-raised max-sm:inset-x-0 max-sm:bottom-15 max-sm:max-h-[75dvh] max-sm:rounded-t",
            "sm:top-[12vh] sm:left-1/2 sm:max-h-[76vh] sm:-translate-x-1/2 sm:rounded",
            wide === true ? "sm:w-[min(56rem,94vw)]" : "sm:w-[min(30rem,94vw)]",
          )}
        >
          <header className="flex items-start gap-3 border-b px-4 py-3">
            <div className="min-w-0 grow">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-0.5 text-sm text-secondary">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close
              aria-label="Close"
              className="flex size-7 shrink-0 items-center justify-center rounded text-secondary hover:bg-line/50 hover:text-ink"
            >
              ✕
            </Radix.Close>
            {/* At the left as in the bar, and after the safe button for the focus, which goes to the first. */}
            {stop !== null && <div className="order-first shrink-0">{stop}</div>}
          </header>
          <div className="min-h-0 grow overflow-auto px-4 py-3">{children}</div>
          {footer !== undefined && (
            <footer className="flex justify-end gap-2 border-t px-4 py-3">{footer}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
