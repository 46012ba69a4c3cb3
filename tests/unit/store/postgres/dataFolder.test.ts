import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import { chooseDataFolder } from "../../../../server/store/postgres/dataFolder.ts";
import { folderOf, SOMEBODY } from "./fakePackage.ts";

function makeDatabase(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "PG_VERSION"), "17\n");
  return folder;
}

describe("the folder of the data", () => {
  it("is the one that was wanted, for a server that runs as whoever starts it", () => {
    const wanted = join(folderOf(0o700), "desks", "postgres");
    expect(chooseDataFolder(wanted, undefined, "/nowhere")).toBe(wanted);
    expect(existsSync(dirname(wanted))).toBe(false);
  });

  it("is the one that was wanted, where the server's own user can reach it", () => {
    const wanted = join(folderOf(0o755), "postgres");
    expect(chooseDataFolder(wanted, SOMEBODY, "/nowhere")).toBe(wanted);
  });

  it("is one of its own among the shared ones below a folder that is closed to that user", () => {
    const closed = folderOf(0o700);
    const shared = folderOf(0o755);
    const [one, other] = ["one", "other"].map((name) =>
      chooseDataFolder(join(closed, name, "postgres"), SOMEBODY, shared),
    );
    expect(one).toMatch(new RegExp(`^${shared}/[0-9a-f]{16}/postgres$`));
    expect(other).not.toBe(one);
    expect(chooseDataFolder(join(closed, "one", "postgres"), SOMEBODY, shared)).toBe(one);
  });

  it("stays where the data were made, though the wanted one can be reached meanwhile", () => {
    const parent = folderOf(0o700);
    const wanted = join(parent, "postgres");
    const shared = folderOf(0o755);
    const made = makeDatabase(chooseDataFolder(wanted, SOMEBODY, shared));
    chmodSync(parent, 0o755);
    expect(chooseDataFolder(wanted, SOMEBODY, shared)).toBe(made);
    expect(chooseDataFolder(wanted, SOMEBODY, folderOf(0o755))).toBe(wanted);
  });

  it("is refused where there are data that its user cannot reach, with what to do", () => {
    const closed = folderOf(0o700);
    const wanted = makeDatabase(join(closed, "postgres"));
    const choose = () => chooseDataFolder(wanted, SOMEBODY, "/nowhere");
    expect(choose).toThrow(UserError);
    expect(choose).toThrow(/chmod o\+x/);
  });
});
