/** The desk that a command means: the one named, or the one that runs. */
import { Option, type Command } from "commander";
import { PROFILES, type Profile } from "../contract/deskFile.ts";
import { readAddress } from "../host/addressFile.ts";
import { deskHome } from "../host/deskHome.ts";

export const DEFAULT_PORT = 4_100;

export function withProfile(command: Command): Command {
  return command.addOption(
    new Option("--profile <name>", "which desk (default: the one that runs, else demo)").choices(PROFILES),
  );
}

export function targetHome(profile: Profile | undefined): string {
  const running = PROFILES.find((name) => readAddress(deskHome(name), "supervisor") !== undefined);
  return deskHome(profile ?? running ?? "demo");
}
