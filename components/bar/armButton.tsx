"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useLive } from "../stream/live.tsx";
import { Button } from "../ui/button.tsx";
import { ErrorBoundary } from "../ui/errorBoundary.tsx";
import { loadArmDialog } from "./dialogs.ts";
import { lifts } from "./words.ts";

const ArmDialog = dynamic(loadArmDialog, { ssr: false });

/** The way back from a stop or a pause: asks for the reason, and shows the engine's refusal as it is. */
export function ArmButton({ onArmed }: { readonly onArmed?: () => void }) {
  const choices = lifts(useLive("desk")?.value);
  const [isOpen, setOpen] = useState(false);
  const first = choices[0];
  if (first === undefined) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{choices.length === 1 ? first.label : "Arm or resume"} …</Button>
      <ErrorBoundary fallback={(error) => <span className="text-danger">▲ {error.message}</span>}>
        {isOpen && (
          <ArmDialog
            choices={choices}
            onClose={() => setOpen(false)}
            onDone={() => {
              setOpen(false);
              onArmed?.();
            }}
          />
        )}
      </ErrorBoundary>
    </>
  );
}
