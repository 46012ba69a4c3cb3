"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ParametersLine } from "../../server/contract/lines.ts";
import type { ParameterChange, ParamScope } from "../../server/contract/params.ts";
import { useTRPC } from "../session/api.tsx";
import { queryState } from "../session/queryState.ts";
import { useShape } from "../session/shape.tsx";
import { toast } from "../ui/toast.tsx";
import { useApplied, type Applied } from "./applied.ts";
import { ChangesPanel } from "./changesPanel.tsx";
import { changedBy, versionsBetween } from "./edits.ts";
import { Footer } from "./footer.tsx";
import { ParametersForm } from "./form.tsx";
import { HistoryPanel } from "./historyPanel.tsx";
import { LeaveGuard } from "./leaveGuard.tsx";
import { usePast } from "./past.ts";
import { ReviewDialog, type Review } from "./reviewDialog.tsx";
import { rowOfChange } from "./rows.ts";
import { revertOf } from "./revert.ts";
import { ScopePicker } from "./scopePicker.tsx";
import { DESK_SCOPE, scopeId, scopeName, scopeOfId, scopesOf } from "./scopes.ts";
import { useCurrent } from "./useCurrent.ts";
import { useDraft } from "./useDraft.ts";

export function ParametersPage() {
  const shape = useShape();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [scope, setScope] = useState<ParamScope>(DESK_SCOPE);
  const [read, setRead] = useState<number>();
  const draft = useDraft(read);
  const { edits, base, form, set, discard, rebase } = draft;
  const editedScopes = Object.keys(edits).flatMap((id) => scopeOfId(id) ?? []);
  const current = useCurrent(scope, editedScopes);
  const { query, statesOf, latest } = current;
  if (current.read !== read) setRead(current.read);
  const past = usePast();
  const { applied, setApplied } = useApplied();
  const [opened, setOpened] = useState<
    { readonly as: "check" | "apply" } | { readonly revert: ParametersLine }
  >();
  const [reason, setReason] = useState("");

  const changed = changedBy(edits, statesOf);
  const changes = changed.flatMap(({ change }) => change ?? []);
  const invalid = changed.length - changes.length;
  const behind =
    changed.length > 0 && base !== undefined && latest !== undefined && latest > base ? latest : undefined;
  const meanwhile = behind === undefined ? [] : versionsBetween(past.versions, base, latest);
  const counts = new Map<string, number>();
  for (const one of changed) counts.set(scopeId(one.scope), (counts.get(scopeId(one.scope)) ?? 0) + 1);
  const onRebase = (): void => {
    if (latest !== undefined) rebase(latest);
  };

  const expectedVersion = base ?? latest;
  const review =
    opened === undefined || latest === undefined || expectedVersion === undefined
      ? undefined
      : "revert" in opened
        ? revertOf(opened.revert, latest)
        : applying(changed, changes, expectedVersion, reason);

  function finish(next: Applied): void {
    setOpened(undefined);
    setApplied(next);
    if (opened !== undefined && !("revert" in opened)) {
      discard();
      setReason("");
    }
    void queryClient.invalidateQueries(trpc.config.current.pathFilter());
  }

  return (
    <div className="grid grid-cols-1 items-start gap-2 sm:gap-3 lg:grid-cols-[12rem_minmax(0,1fr)] xl:grid-cols-[12rem_minmax(0,1fr)_26rem]">
      <div className="lg:sticky lg:top-15 lg:max-h-[calc(100dvh-4.6rem)] lg:overflow-auto">
        <ScopePicker
          scopes={shape === undefined ? [DESK_SCOPE] : scopesOf(shape)}
          value={scope}
          onChange={setScope}
          changes={counts}
        />
      </div>
      <div className="flex min-w-0 flex-col gap-2 sm:gap-3">
        <header className="flex items-baseline gap-3 px-1">
          <h1 className="text-lg font-semibold">{scopeName(scope)}</h1>
          <span className="text-sm text-secondary">
            {latest === undefined ? "" : `v${latest} in force`} · symbol over market over venue over desk over
            default
          </span>
        </header>
        <ParametersForm
          control={form.control}
          scope={scope}
          state={query === undefined ? { status: "loading" } : queryState(query)}
          states={statesOf(scope)}
          edits={edits}
          meanwhile={meanwhile}
        />
        <Footer
          changed={changed.length}
          invalid={invalid}
          behind={behind}
          applied={applied}
          onCheck={() => setOpened({ as: "check" })}
          onApply={() => setOpened({ as: "apply" })}
          onDiscard={discard}
          onRebase={onRebase}
          onCloseApplied={() => setApplied(undefined)}
        />
      </div>
      <aside
        aria-label="Changes and history"
        className="flex min-w-0 flex-col gap-2 sm:gap-3 lg:max-xl:col-start-2 xl:sticky xl:top-15 xl:h-[calc(100dvh-4.6rem)]"
      >
        <ChangesPanel
          changed={changed}
          meanwhile={meanwhile}
          behind={behind}
          onUndo={(at, name) => set(at, name, undefined)}
          onRebase={onRebase}
        />
        <HistoryPanel past={past} onRevert={(line) => setOpened({ revert: line })} />
      </aside>
      <ReviewDialog
        review={review}
        isCheck={opened !== undefined && "as" in opened && opened.as === "check"}
        onApply={() => setOpened({ as: "apply" })}
        onClose={() => setOpened(undefined)}
        onReason={(text) => {
          if (opened !== undefined && "as" in opened) setReason(text);
        }}
        onDone={finish}
        onConflict={() => {
          if (opened !== undefined && "as" in opened) {
            setOpened(undefined);
            toast("attention", "Not applied: somebody was faster. What changed stands beside your edits.");
          }
          void queryClient.invalidateQueries(trpc.config.current.pathFilter());
          void past.query.refetch();
        }}
      />
      <LeaveGuard changed={changed.length} onDiscard={discard} />
    </div>
  );
}

function applying(
  changed: Parameters<typeof rowOfChange>[0][],
  changes: readonly ParameterChange[],
  expectedVersion: number,
  reason: string,
): Review {
  return {
    title: changed.length === 1 ? "1 change of parameters" : `${changed.length} changes of parameters`,
    verb: "Apply",
    rows: changed.map(rowOfChange),
    changes,
    expectedVersion,
    reason,
    send: (client, order) => client.config.set.mutate({ ...order, changes: [...changes] }),
  };
}
