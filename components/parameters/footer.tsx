"use client";

import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import type { Applied } from "./applied.ts";
import { AppliedSteps } from "./appliedSteps.tsx";

export interface FooterProps {
  readonly changed: number;
  readonly invalid: number;
  /** The version that came meanwhile, when the edits began from an older one. */
  readonly behind: number | undefined;
  readonly applied: Applied | undefined;
  readonly onCheck: () => void;
  readonly onApply: () => void;
  readonly onDiscard: () => void;
  readonly onRebase: () => void;
  readonly onCloseApplied: () => void;
}

/** Stays in sight under the form; on a phone above the stop. */
export function Footer(props: FooterProps) {
  const { changed, invalid, behind, applied, onCheck, onApply, onDiscard, onRebase, onCloseApplied } = props;
  if (changed === 0 && applied === undefined) return null;
  const canSend = changed > 0 && invalid === 0;
  return (
    <footer
      role="region"
      aria-label="Changes"
      className={cx(
        "sticky bottom-16 z-20 flex flex-wrap items-center gap-x-3 gap-y-2 rounded border bg-raised px-3 py-2 sm:bottom-0",
        behind !== undefined && "border-attention",
      )}
    >
      {applied !== undefined && <AppliedSteps applied={applied} onClose={onCloseApplied} />}
      {changed > 0 && (
        <div className="flex min-w-0 grow flex-wrap items-center gap-2">
          <span role="status" className="min-w-0 grow">
            <span className="text-quote">◆ {changed} changed</span>
            {invalid > 0 && (
              <span className="text-danger">
                {" "}
                · ▲ {invalid === 1 ? "1 is not a value" : `${invalid} are not values`}
              </span>
            )}
            {behind !== undefined && (
              <span className="text-attention">
                {" "}
                · ◐ v{behind} was applied meanwhile: look at it, then re-base
              </span>
            )}
          </span>
          <span className="flex gap-2">
            <Button onClick={onDiscard}>Discard</Button>
            <Button disabled={!canSend} onClick={onCheck}>
              Check
            </Button>
            {behind === undefined ? (
              <Button variant="primary" disabled={!canSend} onClick={onApply}>
                Apply …
              </Button>
            ) : (
              <Button variant="primary" onClick={onRebase}>
                Re-base on v{behind}
              </Button>
            )}
          </span>
        </div>
      )}
    </footer>
  );
}
