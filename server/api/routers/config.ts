import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ParametersLine } from "../../contract/lines.ts";
import { ParameterChange, ParamScope } from "../../contract/params.ts";
import { readParameterVersion, readParameterVersions } from "../../store/read/parameters.ts";
import { commandEngine, CommandHead } from "../command.ts";
import { ApiError } from "../errors.ts";
import { Int32, Nothing, PageInput } from "../inputs.ts";
import { checkChanges, reverting, statesAt } from "../parameters.ts";
import type { Services } from "../services.ts";
import { procedure, router } from "../trpc.ts";

/** A form of every parameter at a dozen scopes is far below this. */
const CHANGES_MAX = 500;

const RECORDER_WAIT_MS = 2_000;
const RECORDER_POLL_MS = 100;

export const config = router({
  /** The scopes, instruments and currencies of the desk. */
  shape: procedure.input(Nothing).query(({ ctx }) => ctx.services.link.ask({ ask: "shape" })),

  /** The version in force, what is set where, and every parameter as it stands at a scope. */
  current: procedure
    .input(z.strictObject({ scope: ParamScope.default({ level: "desk" }) }))
    .query(async ({ ctx, input }) => {
      const { link } = ctx.services;
      const [shape, answer] = await Promise.all([
        link.ask({ ask: "shape" }),
        link.ask({ ask: "parameters" }),
      ]);
      return { ...answer, states: statesAt(shape, answer, input.scope) };
    }),

  /** What the engine would say to the changes; nothing happens. */
  check: procedure
    .input(z.strictObject({ changes: z.array(z.unknown()).min(1).max(CHANGES_MAX) }))
    .query(async ({ ctx, input }) => {
      const { link } = ctx.services;
      const [shape, answer] = await Promise.all([
        link.ask({ ask: "shape" }),
        link.ask({ ask: "parameters" }),
      ]);
      return { version: answer.version, ...checkChanges(shape, answer, input.changes) };
    }),

  /** Compare-and-set in the engine: VERSION_CONFLICT when somebody was faster. */
  set: procedure
    .input(
      z.strictObject({
        ...CommandHead.shape,
        expectedVersion: Int32,
        changes: z.array(ParameterChange).min(1).max(CHANGES_MAX),
      }),
    )
    .mutation(({ ctx, input }) => {
      const { expectedVersion, changes } = input;
      return commandEngine(ctx, input, { type: "setParameters", expectedVersion, changes });
    }),

  history: procedure
    .input(PageInput)
    .query(({ ctx, input }) => readParameterVersions(ctx.services.store, {}, input)),

  /** Sets what a version had changed back to what it was before. */
  revert: procedure
    .input(z.strictObject({ ...CommandHead.shape, version: Int32.min(1), expectedVersion: Int32 }))
    .mutation(async ({ ctx, input }) => {
      const { settings } = await recordedVersion(ctx.services, input.version);
      if (settings.length === 0)
        throw new ApiError("REFUSED", `version ${input.version} set nothing that could be taken back`);
      const changes = z.array(ParameterChange).safeParse(reverting(settings));
      if (!changes.success)
        throw new ApiError("REFUSED", `what held before version ${input.version} is not allowed any more`);
      const { expectedVersion } = input;
      return commandEngine(ctx, input, { type: "setParameters", expectedVersion, changes: changes.data });
    }),
});

/** The recorder is behind the engine by its commit: a version of a moment ago is waited for. */
async function recordedVersion({ link, store }: Services, version: number): Promise<ParametersLine> {
  const { version: newest } = await link.ask({ ask: "parameters" });
  if (version > newest) throw new ApiError("NOT_FOUND", `there is no version ${version} yet`);
  for (let waitedMs = 0; ; waitedMs += RECORDER_POLL_MS) {
    const line = await readParameterVersion(store, version);
    if (line !== undefined) return line;
    if (waitedMs >= RECORDER_WAIT_MS)
      throw new ApiError("NOT_FOUND", `version ${version} is not in the database yet: try again in a moment`);
    await delay(RECORDER_POLL_MS);
  }
}
