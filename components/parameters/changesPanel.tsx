"use client";

import type { ParametersLine } from "../../server/contract/lines.ts";
import type { ParamName, ParamScope } from "../../server/contract/params.ts";
import { formatTimeUs } from "../format/time.ts";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { DiffList } from "./diffList.tsx";
import { theirsFor, type Changed } from "./edits.ts";
import { rowOfChange, rowOfSetting } from "./rows.ts";
import { PARAMS } from "../../server/contract/params.ts";

export interface ChangesPanelProps {
  readonly changed: readonly Changed[];
  /** Versions since the edits began, oldest first. */
  readonly meanwhile: readonly ParametersLine[];
  readonly behind: number | undefined;
  readonly onUndo: (scope: ParamScope, name: ParamName) => void;
  readonly onRebase: () => void;
}

/** One's own edits over all scopes and, beside them, what others did meanwhile. */
export function ChangesPanel({ changed, meanwhile, behind, onUndo, onRebase }: ChangesPanelProps) {
  return (
    <Panel
      title="Not applied yet"
      className="shrink-0 xl:max-h-[60%]"
      state={
        changed.length === 0
          ? {
              status: "empty",
              text: "What you change appears here, scope by scope, until you apply or discard it.",
            }
          : { status: "live" }
      }
    >
      <div className="relative min-h-0 grow overflow-auto">
        <DiffList
          label="Your changes"
          rows={changed.map((one) => {
            const theirs = theirsFor(one.scope, one.name, meanwhile);
            return {
              ...rowOfChange(one),
              action: (
                <Button
                  variant="ghost"
                  aria-label={`Undo ${PARAMS[one.name].meta.label}`}
                  onClick={() => onUndo(one.scope, one.name)}
                >
                  ✕
                </Button>
              ),
              ...(theirs.length === 0
                ? {}
                : {
                    note: (
                      <span className="text-attention">
                        ◐ also changed by{" "}
                        {theirs.map(({ line }) => `${line.actor} in v${line.version}`).join(", ")}
                      </span>
                    ),
                  }),
            };
          })}
        />
        {behind !== undefined && (
          <section
            role="alert"
            aria-label="Version conflict"
            className="mt-3 flex flex-col gap-2 border-t pt-3"
          >
            <p className="text-attention">
              ◐ v{behind} was applied while you edited. Your edits are as you left them; the engine takes them
              once they are based on v{behind}.
            </p>
            {meanwhile.length === 0 && (
              <p className="text-sm text-secondary">What it changed is being read …</p>
            )}
            {meanwhile.map((line) => (
              <div key={line.version}>
                <p className="text-sm text-secondary">
                  v{line.version} · {formatTimeUs(line.atUs)} UTC · {line.actor}: {line.reason}
                </p>
                <DiffList label={`What v${line.version} changed`} rows={line.settings.map(rowOfSetting)} />
              </div>
            ))}
            <Button variant="primary" className="self-start" onClick={onRebase}>
              Re-base my edits on v{behind}
            </Button>
          </section>
        )}
      </div>
    </Panel>
  );
}
