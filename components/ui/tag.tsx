import type { ReactNode } from "react";
import { cx } from "./cx.ts";

export type Tone = "ok" | "attention" | "danger" | "quiet" | "accent";

export const TONES: Readonly<Record<Tone, string>> = {
  ok: "text-ok",
  attention: "text-attention",
  danger: "text-danger",
  quiet: "text-secondary",
  accent: "text-quote",
};

/** The shape says the same as the colour. */
export const TONE_MARK: Readonly<Record<Tone, string>> = {
  ok: "●",
  attention: "◐",
  danger: "■",
  quiet: "○",
  accent: "◆",
};

/** A short state in a word, with the shape and the colour of its tone. */
export function Tag({
  tone,
  title,
  children,
}: {
  readonly tone: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <span title={title} className={cx("inline-flex items-baseline gap-1 whitespace-nowrap", TONES[tone])}>
      <span aria-hidden className="text-[0.8em]">
        {TONE_MARK[tone]}
      </span>
      {children}
    </span>
  );
}
