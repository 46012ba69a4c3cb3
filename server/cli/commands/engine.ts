import type { Command } from "commander";
import type { Profile } from "../../contract/deskFile.ts";
import { targetHome, withProfile } from "../deskTarget.ts";

export function registerEngine(program: Command): void {
  const command = program
    .command("engine")
    .description(
      "the engine of a desk alone, without pages or database; Ctrl-C disarms it and cancels its orders",
    );
  withProfile(command).action(async ({ profile }: { readonly profile?: Profile }) => {
    process.argv = [...process.argv.slice(0, 2), "--home", targetHome(profile)];
    await import("../../engine/worker.ts");
  });
}
