"use client";

import { useSyncExternalStore, type ReactNode } from "react";
import { TONE_MARK, type Tone } from "./tag.tsx";

interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly text: ReactNode;
}

/** More would hide the page; the oldest give way. */
const TOASTS_MAX = 4;

/** Long enough to read two lines twice. Danger stays until a person closes it. */
const TOAST_MS = 6_000;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Says what came of an action. Call it from anywhere in the browser. */
export function toast(tone: Tone, text: ReactNode): void {
  const id = ++lastId;
  publish([...toasts, { id, tone, text }].slice(-TOASTS_MAX));
  if (tone !== "danger") setTimeout(() => dismiss(id), TOAST_MS);
}

export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => toasts, none);
  return (
    <ol
      aria-live="polite"
      aria-label="Messages"
      className="pointer-events-none fixed right-3 bottom-16 z-50 flex w-[min(24rem,calc(100vw-1.5rem))] flex-col gap-2 sm:bottom-3"
    >
      {shown.map(({ id, tone, text }) => (
        <li
          key={id}
          className="pointer-events-auto flex items-start gap-2 rounded border bg-raised px-3 py-2"
        >
          <span aria-hidden className={COLOURS[tone]}>
            {TONE_MARK[tone]}
          </span>
          <span className="min-w-0 grow">{text}</span>
          <button
            aria-label="Close message"
            className="px-1 text-secondary hover:text-ink"
            onClick={() => dismiss(id)}
          >
            ✕
          </button>
        </li>
      ))}
    </ol>
  );
}

const COLOURS: Readonly<Record<Tone, string>> = {
  ok: "text-ok",
  attention: "text-attention",
  danger: "text-danger",
  quiet: "text-secondary",
  accent: "text-quote",
};

const NONE: readonly Toast[] = [];
const none = (): readonly Toast[] => NONE;

function dismiss(id: number): void {
  publish(toasts.filter((candidate) => candidate.id !== id));
}

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
