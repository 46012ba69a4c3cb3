"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useLive } from "../stream/live.tsx";
import { Button } from "../ui/button.tsx";
import { lifts } from "./words.ts";

const ArmDialog = dynamic(() => import("./armDialog.tsx").then((module) => module.ArmDialog), { ssr: false });

/** The way back from a stop or a pause: asks for the reason, and shows the engine's refusal as it is. */
export function ArmButton() {
  const choices = lifts(useLive("desk")?.value);
  const [isOpen, setOpen] = useState(false);
  const first = choices[0];
  if (first === undefined) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{choices.length === 1 ? first.label : "Arm or resume"} …</Button>
      {isOpen && <ArmDialog choices={choices} onClose={() => setOpen(false)} />}
    </>
  );
}
