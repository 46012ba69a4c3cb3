import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { UserError } from "../../../../server/contract/errors.ts";
import { createClock } from "../../../../server/host/clock.ts";
import { loneDesk, startLoneLab } from "../../../../server/lab/service/alone.ts";
import { keysPath, openKeys } from "../../../../server/lab/service/keys.ts";
import { startLab } from "../../../../server/lab/service/lab.ts";
import { demoDesk, makeHome, SILENT } from "./desk.ts";

const homes = () => readdirSync(tmpdir()).filter((name) => name.startsWith("crossdesk-lone-"));

it("serves each venue in its own protocol with keys of its own, and leaves nothing behind", async () => {
  const lab = await startLoneLab(loneDesk(1), SILENT, {});
  expect(lab.venues.map(({ venue, keys }) => `${venue} ${keys.length}`)).toEqual([
    "binance 2",
    "okx 2",
    "kraken 2",
  ]);
  const [binance, okx, kraken] = lab.venues.map(({ origin }) => origin);
  const ask = async (url: string) => (await fetch(url)).json();
  expect(await ask(`${binance}/api/v3/time`)).toHaveProperty("serverTime");
  expect(await ask(`${okx}/www.okx.com/api/v5/public/time`)).toHaveProperty("data");
  expect(await ask(`${kraken}/api.kraken.com/0/public/Time`)).toHaveProperty("result");
  await lab.stop();
  expect(existsSync(lab.home)).toBe(false);
});

it("says which port is taken, and leaves nothing behind then either", async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, "127.0.0.1", resolve));
  const { port } = squatter.address() as AddressInfo;
  const before = homes();
  const refused = startLoneLab(loneDesk(1), SILENT, { firstPort: port });
  await expect(refused).rejects.toThrow(UserError);
  await expect(refused).rejects.toThrow(`cannot listen on port ${port}`);
  expect(homes().filter((name) => !before.includes(name))).toEqual([]);
  await new Promise((resolve) => squatter.close(resolve));
});

it("knows of a desk on the wire by its sockets", async () => {
  const { home, remove } = makeHome(demoDesk({ venues: "wire" }));
  const lab = await startLab({ home, clock: createClock(), log: SILENT });
  expect(lab.hasDesk).toBe(false);
  const socket = new WebSocket(`ws://127.0.0.1:${lab.ports["kraken"]}/v2`);
  await new Promise((resolve) => socket.on("open", resolve));
  expect(lab.hasDesk).toBe(true);
  socket.terminate();
  await expect.poll(() => lab.hasDesk).toBe(false);
  await lab.stop();
  remove();
});

it("does not start over keys that are none, and says nothing of what they hold", () => {
  const { home, remove } = makeHome();
  openKeys(home, ["a"]);
  writeFileSync(keysPath(home), '{"keys":[{"secret":"s3cret"}]}');
  expect(() => openKeys(home, ["a"])).toThrow(UserError);
  expect(() => openKeys(home, ["a"])).not.toThrow("s3cret");
  remove();
});
