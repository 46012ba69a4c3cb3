import type { Command } from "commander";
import type { Profile } from "../../contract/deskFile.ts";
import { targetHome, withProfile } from "../deskTarget.ts";

export function registerLab(program: Command): void {
  const command = program
    .command("lab")
    .description("the simulated venues of a desk alone; whoever speaks their protocol can trade there");
  withProfile(command).action(async ({ profile }: { readonly profile?: Profile }) => {
    process.argv = [...process.argv.slice(0, 2), "--home", targetHome(profile)];
    await import("../../lab/service/main.ts");
  });
}
