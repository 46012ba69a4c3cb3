/** What operators asked for, and what the engine answered. */
import type { Command } from "../../contract/commands.ts";
import type { CommandLine, Cursor } from "../../contract/lines.ts";
import type { Store } from "../client.ts";
import type { CommandRecordModel } from "../generated/models/CommandRecord.ts";
import type { Page, PageOf, TimeRange } from "./page.ts";
import { lineBase, NEWEST_FIRST, OLDEST_FIRST, onlySet, readAfter, readPage, withinTime } from "./page.ts";

export interface CommandFilter extends TimeRange {
  readonly commandId?: string | undefined;
  readonly type?: CommandLine["command"]["type"] | undefined;
  readonly actor?: string | undefined;
}

/** Newest first. */
export function readCommands(store: Store, filter: CommandFilter, page: Page): Promise<PageOf<CommandLine>> {
  const { fromUs, toUs, ...equal } = filter;
  const wanted = { ...onlySet(equal), ...withinTime({ fromUs, toUs }) };
  return readPage(
    page,
    (range, take) =>
      store.commandRecord.findMany({ where: { AND: [wanted, range] }, orderBy: NEWEST_FIRST, take }),
    toCommand,
  );
}

/** Oldest first. */
export function readCommandsAfter(store: Store, after: Cursor, limit: number): Promise<CommandLine[]> {
  return readAfter(
    after,
    limit,
    (range, take) => store.commandRecord.findMany({ where: range, orderBy: OLDEST_FIRST, take }),
    toCommand,
  );
}

function toCommand(row: CommandRecordModel): CommandLine {
  return {
    type: "command",
    ...lineBase(row),
    commandId: row.commandId,
    actor: row.actor,
    reason: row.reason,
    command: decodeCommand(row.command),
    accepted: row.accepted,
    code: row.code ?? undefined,
    text: row.text ?? undefined,
  };
}

/** The recorder writes integers beyond what JSON's numbers hold as text. */
function decodeCommand(stored: unknown): Command {
  const command = stored as Command;
  return command.type === "setBaseline"
    ? { ...command, baselineAtoms: BigInt(command.baselineAtoms) }
    : command;
}
