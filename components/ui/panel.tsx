"use client";

import { useId, type ReactNode } from "react";
import { formatAgeMs, formatTimeMs } from "../format/time.ts";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import type { PanelState } from "./panelState.ts";
import { Skeleton } from "./skeleton.tsx";
import { StaleBoundary } from "./stale.tsx";
import { useNowMs } from "./useNow.ts";

export interface PanelProps {
  readonly title: string;
  readonly state: PanelState;
  /** Controls at the right of the title. */
  readonly actions?: ReactNode;
  /** Shape of the content while it loads; rows of text without it. */
  readonly skeleton?: ReactNode;
  readonly className?: string;
  /** Without padding, for tables and charts that reach the edges. */
  readonly flush?: boolean;
  readonly children?: ReactNode;
}

/** A framed part of a page that always says how much its content can be trusted. */
export function Panel({ title, state, actions, skeleton, className, flush = false, children }: PanelProps) {
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      aria-busy={state.status === "loading" || undefined}
      data-state={state.status}
      className={cx("flex min-w-0 flex-col rounded border bg-panel", className)}
    >
      <header className="flex h-9 shrink-0 items-center gap-2 border-b px-3">
        <h2 id={titleId} className="truncate text-sm font-semibold">
          {title}
        </h2>
        <StateMark state={state} />
        <div className="ml-auto flex items-center gap-1">{actions}</div>
      </header>
      <div className={cx("flex min-h-0 min-w-0 grow flex-col", !flush && "p-3")}>
        <Body state={state} skeleton={skeleton}>
          {children}
        </Body>
      </div>
    </section>
  );
}

function Body({ state, skeleton, children }: Pick<PanelProps, "state" | "skeleton" | "children">) {
  switch (state.status) {
    case "loading":
      return skeleton ?? <Skeleton rows={4} />;
    // One element for all three: content that grows stale and fresh again must not be built anew.
    case "live":
    case "ended":
    case "stale":
      return <StaleBoundary stale={state.status === "stale"}>{children}</StaleBoundary>;
    case "empty":
      return <Message>{state.text}</Message>;
    case "error":
      return (
        <Message role="alert">
          <span className="text-ink">
            <span className="text-danger">▲ </span>
            {state.what}
          </span>
          {state.sinceMs !== undefined && <span>since {formatTimeMs(state.sinceMs)} UTC</span>}
          <span>{state.todo}</span>
          {state.retry !== undefined && (
            <Button className="mt-1 self-center" onClick={state.retry}>
              Try again
            </Button>
          )}
        </Message>
      );
    case "denied":
      return (
        <Message>
          <span className="text-ink">You have no permission to see this.</span>
          <span>{state.who}</span>
        </Message>
      );
  }
}

function Message({ role, children }: { readonly role?: "alert"; readonly children: ReactNode }) {
  return (
    <div
      role={role}
      className="flex grow flex-col items-stretch justify-center gap-1 px-4 py-6 text-center text-sm text-secondary"
    >
      {children}
    </div>
  );
}

/** Live panels are quiet: their age is in the tooltip. */
function StateMark({ state }: { readonly state: PanelState }) {
  switch (state.status) {
    case "stale":
      return <StaleMark sinceMs={state.sinceMs} why={state.why} />;
    case "live":
      return state.atMs === undefined ? null : <LiveMark atMs={state.atMs} />;
    case "ended":
      return <span className="truncate text-sm text-secondary">■ {state.text}</span>;
    case "error":
      return <span className="text-sm text-danger">▲ error</span>;
    case "loading":
      return <span className="text-sm text-secondary">loading …</span>;
    case "empty":
    case "denied":
      return null;
  }
}

function LiveMark({ atMs }: { readonly atMs: number }) {
  const title = `as of ${formatTimeMs(atMs)} UTC`;
  return (
    <span role="img" aria-label={title} title={title} className="size-1.5 rounded-full bg-ok opacity-70" />
  );
}

function StaleMark({ sinceMs, why }: { readonly sinceMs: number; readonly why: string | undefined }) {
  const now = useNowMs();
  return (
    <span className="truncate text-sm text-attention" title={`since ${formatTimeMs(sinceMs)} UTC`}>
      ◐ stale {now === 0 ? "" : formatAgeMs(now - sinceMs)}
      {why !== undefined && <span className="text-secondary"> · {why}</span>}
    </span>
  );
}
