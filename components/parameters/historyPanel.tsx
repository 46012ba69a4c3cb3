"use client";

import type { ParametersLine } from "../../server/contract/lines.ts";
import { formatInstantUs } from "../format/time.ts";
import { errorText } from "../session/queryState.ts";
import { queryState } from "../session/queryState.ts";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { DiffList } from "./diffList.tsx";
import type { usePast } from "./past.ts";
import { rowOfSetting } from "./rows.ts";

/** The first version is the configuration itself, with dozens of settings: the rest is a click away. */
const SETTINGS_SHOWN = 8;

export interface HistoryPanelProps {
  readonly past: ReturnType<typeof usePast>;
  readonly onRevert: (line: ParametersLine) => void;
}

/** Every version as a diff: who, when, why. */
export function HistoryPanel({ past: { query, versions }, onRevert }: HistoryPanelProps) {
  const state = queryState(query, {
    isEmpty: () => versions.length === 0,
    emptyText: "Each change of a parameter appears here with who made it, when and why.",
  });
  // What the stream said is true without the database.
  const hasLiveOnly = state.status === "error" && versions.length > 0;
  return (
    <Panel
      title="History"
      flush
      state={hasLiveOnly ? { status: "live" } : state}
      className="max-h-[36rem] xl:max-h-none xl:min-h-0 xl:grow"
    >
      {hasLiveOnly && (
        <p role="status" className="border-b px-3 py-2 text-sm text-attention">
          ◐ Older versions cannot be read: {errorText(query.error)}
        </p>
      )}
      <ol className="relative min-h-0 grow overflow-auto" tabIndex={0} aria-label="Versions, newest first">
        {versions.map((line) => (
          <Version key={`${line.cursor.epoch}.${line.cursor.seq}`} line={line} onRevert={onRevert} />
        ))}
        {query.hasNextPage && (
          <li className="p-2 text-center">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Older
            </Button>
          </li>
        )}
      </ol>
    </Panel>
  );
}

function Version({
  line,
  onRevert,
}: {
  readonly line: ParametersLine;
  readonly onRevert: (line: ParametersLine) => void;
}) {
  const rows = line.settings.map(rowOfSetting);
  // What the desk began with was nobody's command: there is nothing before it to go back to.
  const canRevert = line.commandId !== undefined && rows.length > 0;
  return (
    <li className="border-b px-3 py-2" data-version={line.version}>
      <div className="flex items-baseline gap-2">
        <span className="font-semibold">v{line.version}</span>
        <span className="text-sm text-secondary">
          {formatInstantUs(line.atUs)} · {line.actor}
        </span>
        {canRevert && (
          <Button
            className="ml-auto self-center"
            aria-label={`Revert v${line.version}`}
            onClick={() => onRevert(line)}
          >
            Revert
          </Button>
        )}
      </div>
      <p className="text-sm text-secondary">{line.reason}</p>
      <DiffList label={`What v${line.version} changed`} rows={rows.slice(0, SETTINGS_SHOWN)} />
      {rows.length > SETTINGS_SHOWN && (
        <details>
          <summary className="cursor-pointer py-1 text-sm text-quote">
            {rows.length - SETTINGS_SHOWN} more
          </summary>
          <DiffList label={`The rest of v${line.version}`} rows={rows.slice(SETTINGS_SHOWN)} />
        </details>
      )}
    </li>
  );
}
