import { resolve } from "node:path";
import type { Command } from "commander";
import { UserError } from "../../contract/errors.ts";
import { examine } from "../doctor.ts";
import { createOutput, withJson } from "../output.ts";
import { desksDirectory } from "../../host/deskHome.ts";

export function registerDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("what is wrong with this machine, and how to mend it")
    .option("--home <dir>", "where Crossdesk keeps its data", desksDirectory());
  withJson(command).action(async (options: { home: string; json?: boolean }) => {
    const output = createOutput(options);
    const checks = await examine(resolve(options.home));
    for (const check of checks) {
      output.line(`${check.status.padEnd(9)}  ${check.name}: ${check.found}`);
      if (check.status !== "ok") output.line(`${" ".repeat(11)}→ ${check.mend}`);
    }
    const fatal = checks.filter((check) => check.status === "fatal");
    output.result({ healthy: fatal.length === 0, checks });
    if (fatal.length > 0)
      throw new UserError(
        `cannot run here: mend ${fatal.map((c) => c.name).join(", ")} and call doctor again`,
      );
  });
}
