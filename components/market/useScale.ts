"use client";

import { useRef, useState } from "react";
import type { LadderView } from "../../server/contract/link.ts";
import { fairBucket } from "./ladder.ts";
import { fittingStep, heldCentre, neighbourStep } from "./ladderScale.ts";

export interface LadderScale {
  readonly step: number;
  readonly centre: number;
  readonly isAuto: boolean;
  readonly coarser: () => void;
  readonly finer: () => void;
  readonly auto: () => void;
}

/** Step and middle of the ladder; neither moves while it does not have to, nor under the pointer. */
export function useScale(
  ladders: readonly LadderView[],
  fair: number,
  rowCount: number,
  isHeld: boolean,
): LadderScale {
  const [chosen, setChosen] = useState<number>();
  const held = useRef<{ readonly step: number; readonly centre: number }>(undefined);
  const before = held.current;
  const step =
    chosen ??
    (isHeld && before !== undefined ? before.step : fittingStep(ladders, fair, rowCount, before?.step));
  const sameStep = before?.step === step ? before.centre : undefined;
  const centre =
    isHeld && sameStep !== undefined ? sameStep : heldCentre(fairBucket(fair, step), rowCount, sameStep);
  // What is kept follows from what was kept: rendering twice comes to the same.
  held.current = { step, centre };
  return {
    step,
    centre,
    isAuto: chosen === undefined,
    coarser: () => setChosen(neighbourStep(step, 1)),
    finer: () => setChosen(neighbourStep(step, -1)),
    auto: () => setChosen(undefined),
  };
}
