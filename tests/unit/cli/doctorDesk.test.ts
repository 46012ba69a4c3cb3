import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { examinePagesPort, examinePermissions, examineVenuePorts } from "../../../server/cli/doctorDesk.ts";
import { writeAddress } from "../../../server/host/addressFile.ts";
import { writeWirePorts } from "../../../server/lab/service/wirePorts.ts";
import { freePort } from "../../../server/store/postgres/freePort.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "crossdesk-doctor-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Its port, or undefined where somebody else has it already. */
async function listen(port: number): Promise<number | undefined> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return await new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(address instanceof Object ? address.port : undefined);
    });
  });
}

describe("the port of the pages", () => {
  it("is told as taken by somebody else, and as a desk's own where one runs", async () => {
    await listen(4_100);
    // Whoever listens there, this test or another program: it is no desk of this home.
    expect(await examinePagesPort(home)).toMatchObject({ name: "port 4100", status: "attention" });
    writeAddress(join(home, "demo"), "web", { port: 4_100, token: "x" });
    expect(await examinePagesPort(home)).toMatchObject({
      status: "ok",
      found: "the desk demo is running there",
    });
  });
});

describe("the ports of simulated venues", () => {
  const demo = () => join(home, "demo");

  it("are looked at where there were some before", async () => {
    mkdirSync(demo());
    expect(await examineVenuePorts(home)).toEqual([]);
    const port = await freePort(0);
    writeWirePorts(demo(), { okx: port });
    expect(await examineVenuePorts(home)).toEqual([
      { name: "venues of demo", status: "ok", found: `free: okx ${port}` },
    ]);
  });

  it("are named where another program has one, with what to do", async () => {
    const taken = (await listen(0)) ?? 0;
    writeWirePorts(demo(), { binance: await freePort(0), okx: taken });
    expect(await examineVenuePorts(home)).toMatchObject([
      {
        status: "attention",
        found: `taken by another program: okx ${taken}`,
        mend: expect.stringContaining("end what listens there"),
      },
    ]);
  });

  it("are well where their own lab listens", async () => {
    const own = (await listen(0)) ?? 0;
    writeWirePorts(demo(), { okx: own });
    writeAddress(demo(), "lab", { port: 1, token: "x" });
    expect(await examineVenuePorts(home)).toMatchObject([{ status: "ok", found: `running: okx ${own}` }]);
  });
});

it("a desk's home that others can look into is found", () => {
  const demo = join(home, "demo");
  mkdirSync(demo);
  chmodSync(demo, 0o755);
  expect(examinePermissions(home)).toMatchObject([{ status: "attention", mend: `chmod 700 ${demo}` }]);
  chmodSync(demo, 0o700);
  expect(examinePermissions(home)).toMatchObject([{ status: "ok" }]);
});
