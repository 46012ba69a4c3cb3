/** A command of a person to the engine: with an id that makes it safe to send again, and a reason for the record. */
import { z } from "zod";
import type { Command } from "../contract/commands.ts";
import type { CommandOutcome } from "../contract/link.ts";
import { ApiError } from "./errors.ts";
import type { Services } from "./services.ts";
import type { Session } from "./sessions.ts";

/** What every command takes beside its own input. */
export const CommandHead = z.strictObject({
  /**
   * Sent again with the same id, a command that was accepted does nothing and has the answer of the first time; an arm of
   * what was stopped since is refused.
   */
  commandId: z.uuid(),
  reason: z.string().trim().min(3, "say why, in at least three characters").max(500),
});

export interface Done {
  readonly paramVersion: number;
}

/** Throws an ApiError with the engine's own code and words when it refuses. */
export async function commandEngine(
  { services, session }: { readonly services: Services; readonly session: Session },
  { commandId, reason }: z.infer<typeof CommandHead>,
  command: Command,
): Promise<Done> {
  return accepted(await services.link.command({ commandId, actor: session.actor, reason, command }));
}

export function accepted(outcome: CommandOutcome): Done {
  if (outcome.accepted) return { paramVersion: outcome.paramVersion };
  const code = outcome.code === "VERSION" ? "VERSION_CONFLICT" : "REFUSED";
  throw new ApiError(code, `${outcome.code}: ${outcome.text}`);
}
