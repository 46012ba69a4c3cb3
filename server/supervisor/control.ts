/**
 * The supervisor's own socket: it is the lock of a desk's home, and answers what runs. A client shows the
 * token of the address file first.
 */
import { z } from "zod";
import { UserError } from "../contract/errors.ts";
import { createToken, readAddress, removeAddress, writeAddress } from "../host/addressFile.ts";
import { frameClient } from "../host/frameClient.ts";
import { frameServer } from "../host/frameServer.ts";

export interface ProcessStatus {
  readonly name: string;
  readonly pid: number | undefined;
  readonly restarts: number;
  readonly startedAtMs: number | undefined;
  readonly trouble: string | undefined;
}

export interface SupervisorStatus {
  readonly pid: number;
  readonly home: string;
  readonly url: string | undefined;
  readonly startedAtMs: number;
  readonly phase: string;
  readonly processes: readonly ProcessStatus[];
}

const Request = z.strictObject({ token: z.string(), type: z.enum(["status", "stop"]) });

const ANSWER_WAIT_MS = 3_000;

export interface Control {
  close(): Promise<void>;
}

/**
 * Throws a UserError when a supervisor runs for this home: one that answers, or whose port takes a connection and
 * leaves it without an answer, as one does that stands still. A file that a killed one left may name the process of
 * a stranger by now; who listens at its port, too, is no stranger.
 */
export async function requireNoSupervisor(home: string): Promise<void> {
  const found = await reachSupervisor(home, "status");
  switch (found.status) {
    case "none":
      return;
    case "silent":
      throw new UserError(
        `this desk is running already and does not answer (pid ${found.pid}): wait, or end that process`,
      );
    case "answered":
      throw new UserError(
        `this desk is running already (pid ${found.answer.pid}): npm run desk -- status --url prints its address`,
      );
  }
}

export async function openControl(
  home: string,
  handle: { readonly status: () => SupervisorStatus; readonly stop: () => void },
): Promise<Control> {
  await requireNoSupervisor(home);
  const token = createToken();
  const server = frameServer({
    onConnection: (connection) => ({
      frame(message) {
        const request = Request.safeParse(message);
        if (!request.success || request.data.token !== token) return connection.close("not for you");
        if (request.data.type === "stop") handle.stop();
        connection.send(handle.status());
      },
    }),
  });
  const { port, startedAtMs } = writeAddress(home, "supervisor", { port: await server.listen(), token });
  // Two that started in the same instant: the one whose address stands goes on.
  const standing = readAddress(home, "supervisor");
  if (standing?.port !== port || standing.startedAtMs !== startedAtMs) {
    await server.close();
    throw new UserError("this desk is being started by someone else: look at npm run desk -- status");
  }
  return {
    async close() {
      await server.close();
      removeAddress(home, "supervisor", token);
    },
  };
}

/** Undefined when no supervisor runs, or none that answers. */
export async function askSupervisor(
  home: string,
  type: "status" | "stop",
): Promise<SupervisorStatus | undefined> {
  const found = await reachSupervisor(home, type);
  return found.status === "answered" ? found.answer : undefined;
}

type Reached =
  | { readonly status: "none" }
  | { readonly status: "silent"; readonly pid: number }
  | { readonly status: "answered"; readonly answer: SupervisorStatus };

async function reachSupervisor(home: string, type: "status" | "stop"): Promise<Reached> {
  const address = readAddress(home, "supervisor");
  if (address === undefined) return { status: "none" };
  return new Promise((resolve) => {
    const finish = (reached: Reached): void => {
      clearTimeout(timer);
      client.close();
      resolve(reached);
    };
    const timer = setTimeout(
      () =>
        finish(client.connection === undefined ? { status: "none" } : { status: "silent", pid: address.pid }),
      ANSWER_WAIT_MS,
    );
    const client = frameClient({
      address: () => address,
      onOpen: (connection) => void connection.send({ token: address.token, type }),
      onFrame: (message) => finish({ status: "answered", answer: message as SupervisorStatus }),
      onClose: () => finish({ status: "none" }),
    });
  });
}
