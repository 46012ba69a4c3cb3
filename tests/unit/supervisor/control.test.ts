import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { readAddress, writeAddress } from "../../../server/host/addressFile.ts";
import {
  askSupervisor,
  openControl,
  requireNoSupervisor,
  type SupervisorStatus,
} from "../../../server/supervisor/control.ts";

const STATUS: SupervisorStatus = {
  pid: process.pid,
  home: "/home",
  url: undefined,
  startedAtMs: 1,
  phase: "running",
  processes: [],
};

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "crossdesk-control-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("the supervisor's socket", () => {
  it("answers what runs and hears a stop, from whoever has its token", async () => {
    let stops = 0;
    const control = await openControl(home, { status: () => STATUS, stop: () => void (stops += 1) });
    expect(await askSupervisor(home, "status")).toMatchObject({ pid: process.pid, phase: "running" });
    await askSupervisor(home, "stop");
    expect(stops).toBe(1);
    await control.close();
    expect(readAddress(home, "supervisor")).toBeUndefined();
  });

  it("is the lock of the home: a second start is told of the first", async () => {
    const control = await openControl(home, { status: () => STATUS, stop: () => undefined });
    await expect(requireNoSupervisor(home)).rejects.toThrow("is running already");
    await expect(openControl(home, { status: () => STATUS, stop: () => undefined })).rejects.toThrow(
      "is running already",
    );
    await control.close();
  });

  it("is no lock once its process was killed, even if a stranger has the number of that process", async () => {
    // This process lives, and listens on no such port.
    writeAddress(home, "supervisor", { port: 9, token: "left behind" });
    await expect(requireNoSupervisor(home)).resolves.toBeUndefined();
    const control = await openControl(home, { status: () => STATUS, stop: () => undefined });
    expect(await askSupervisor(home, "status")).toMatchObject({ pid: process.pid });
    await control.close();
  });

  it("is the lock of the home while its process stands still, too", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void silent.close());
    await once(silent, "listening");
    const sockets: Socket[] = [];
    silent.on("connection", (socket) => sockets.push(socket));
    const { port } = silent.address() as AddressInfo;
    writeAddress(home, "supervisor", { port, token: "of one that stands still" });
    await expect(openControl(home, { status: () => STATUS, stop: () => undefined })).rejects.toThrow(
      `running already and does not answer (pid ${process.pid})`,
    );
    expect(await askSupervisor(home, "status")).toBeUndefined();
    for (const socket of sockets) socket.destroy();
  });
});
