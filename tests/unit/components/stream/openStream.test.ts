import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import superjson from "superjson";
import { describe, expect, it, onTestFinished } from "vitest";
import { streamOpener } from "../../../../components/stream/openStream.ts";
import { eventText } from "../../../../server/api/stateTopics.ts";
import { line } from "./fixtures.ts";
import { eventually } from "../../../support/eventually.ts";

/** A desk that answers each stream as the test says. */
async function opened(answer: (response: ServerResponse) => void) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.setHeader("content-type", "text/event-stream");
    answer(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const told: unknown[] = [];
  const { port } = server.address() as AddressInfo;
  const close = streamOpener(`http://127.0.0.1:${port}`)(
    { topics: ["desk"], cursors: { fills: "1.2.3" }, key: "secret" },
    {
      opened: () => told.push("opened"),
      message: (message) => told.push(message),
      ended: (why, text) => told.push([why, text]),
    },
  );
  return { told, requests, close };
}

describe("the stream as a browser reads it", () => {
  it("names the session's key, and tells what comes as it was sent", async () => {
    const state = { kind: "state", topic: "desk", value: { atUs: 1, missing: null } };
    const lines = { kind: "lines", topic: "fills", lines: [{ ...line(1), feeAtoms: 2n ** 70n }] };
    const { told, requests } = await opened((response) => {
      response.write(eventText({}, "connected"));
      response.write(eventText({ json: state }) + eventText(superjson.serialize(lines)));
      response.write(eventText("", "ping"));
    });
    await eventually(() => expect(told).toEqual(["opened", state, lines]));
    const [request] = requests;
    expect(request?.headers["x-crossdesk-key"]).toBe("secret");
    const input = new URL(request?.url ?? "", "http://desk").searchParams.get("input") ?? "";
    expect(superjson.parse(input)).toEqual({ topics: ["desk"], cursors: { fills: "1.2.3" } });
  });

  it("is denied to whoever has no session, with the server's words", async () => {
    const shape = { message: "not signed in", data: { code: "UNAUTHENTICATED", httpStatus: 401 } };
    const { told } = await opened((response) => {
      response.writeHead(401).end(eventText(superjson.serialize(shape), "serialized-error"));
    });
    await eventually(() => expect(told).toEqual([["denied", "not signed in"]]));
  });

  it("is lost, once, when the server ends it, cuts it or is not there", async () => {
    const ended = await opened((response) => response.end(eventText({}, "connected")));
    await eventually(() => expect(ended.told).toEqual(["opened", ["lost", expect.any(String)]]));
    const cut = await opened((response) => {
      response.write(eventText({}, "connected"));
      setImmediate(() => response.destroy());
    });
    await eventually(() => expect(cut.told.at(-1)).toEqual(["lost", expect.any(String)]));
    const told: unknown[] = [];
    const nobody = { opened: () => undefined, message: () => undefined };
    streamOpener("http://127.0.0.1:1")(
      { topics: [], cursors: {}, key: undefined },
      { ...nobody, ended: (why) => told.push(why) },
    );
    await eventually(() => expect(told).toEqual(["lost"]));
  });

  it("says nothing any more once it was closed", async () => {
    const { told, requests, close } = await opened((response) => response.write(eventText({}, "connected")));
    await eventually(() => expect(told).toEqual(["opened"]));
    const [request] = requests;
    if (request === undefined) throw new Error("nothing was asked");
    const gone = once(request.socket, "close");
    close();
    await gone;
    expect(told).toEqual(["opened"]);
  });
});
