"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

/** Words on hover and focus. The trigger is focusable: what only a mouse can read is not said. */
export function Tooltip({
  text,
  side = "top",
  children,
}: {
  readonly text: ReactNode;
  readonly side?: "top" | "bottom" | "left" | "right";
  /** One element that takes a ref. */
  readonly children: ReactNode;
}) {
  return (
    <Radix.Provider delayDuration={300}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={4}
            collisionPadding={8}
            className="z-50 max-w-80 rounded border bg-raised px-2 py-1 text-sm text-ink"
          >
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
