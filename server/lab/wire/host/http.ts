/** The HTTP side of one venue: requests to its front-end and answers back, each after its latency and its fault. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { RequestFault } from "../../../contract/wireFaults.ts";
import type { Log } from "../../../host/log.ts";
import type { FrontEnd, HttpAnswer, HttpRequest } from "../ports.ts";
import { parseTarget } from "./address.ts";
import type { WireFaults } from "./faults.ts";
import type { StaleView } from "./staleView.ts";
import type { HostTime } from "./time.ts";

/** Of one request: a batch of 20 orders has some 4 kB. */
const BODY_MAX_BYTES = 262_144;

const METHODS: readonly string[] = ["GET", "POST", "PUT", "DELETE"];

export interface HttpSideOptions {
  readonly front: FrontEnd;
  readonly faults: WireFaults;
  readonly stale: StaleView;
  readonly time: HostTime;
  readonly entryUs: () => number;
  readonly responseUs: () => number;
  readonly log: Log;
}

export function createHttpSide(options: HttpSideOptions): RequestListener {
  const { front, faults, stale, time, entryUs, responseUs, log } = options;
  const isQuestion = (request: HttpRequest): boolean =>
    front.isQuestion?.(request) ?? request.method === "GET";

  function arrive(message: IncomingMessage, response: ServerResponse, request: HttpRequest): void {
    const text = `${request.method} ${request.path}`;
    const fault = faults.takeRequest(text);
    time.at(time.nowUs() + entryUs(), () => {
      if (fault === "lostRequest") return reset(message);
      const answer =
        fault === "http503"
          ? undefined
          : (isQuestion(request) ? stale.past : stale.present)(() => ask(request));
      time.at(time.nowUs() + responseUs() + faults.slowUs(text), () =>
        time.whenSafe(() => deliver(message, response, answer, fault)),
      );
    });
  }

  function ask(request: HttpRequest): HttpAnswer {
    try {
      return front.http(request);
    } catch (error) {
      // A defect of the front-end: seen in the log, and by the client as what a venue would make of its own.
      log.error("a front-end failed at a request", { path: request.path, error });
      return { status: 500, body: "" };
    }
  }

  return (message, response) => {
    // A client that goes away in the middle is its own affair: what was to be done is done.
    message.on("error", () => undefined);
    response.on("error", () => undefined);
    const target = parseTarget(message.url);
    const { method = "" } = message;
    if (target === undefined || !METHODS.includes(method))
      return refuse(response, target === undefined ? 400 : 405);
    collect(message, (body) => {
      if (body === undefined) return refuse(response, 413);
      const headers = message.headers as HttpRequest["headers"];
      arrive(message, response, { method: method as HttpRequest["method"], ...target, headers, body });
    });
  };
}

/** Undefined: too large. */
function collect(message: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_MAX_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  message.on("end", () => done(bytes > BODY_MAX_BYTES ? undefined : Buffer.concat(chunks).toString("utf8")));
}

/** `answer` is undefined for a request that never reached the venue. */
function deliver(
  message: IncomingMessage,
  response: ServerResponse,
  answer: HttpAnswer | undefined,
  fault: RequestFault | undefined,
): void {
  if (response.destroyed || message.socket.destroyed) return;
  switch (fault) {
    case "lostAnswer":
    case "lostRequest":
      return reset(message);
    case "noAnswer":
      return;
    case "http503":
    case "http504":
      return sendHtml(response, fault === "http503" ? 503 : 504);
    case undefined:
    case "stalledBody":
    case "cutBody":
    case "badJson":
    case "emptyBody":
      if (answer !== undefined) send(message, response, answer, fault);
  }
}

function send(
  message: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
  fault: "stalledBody" | "cutBody" | "badJson" | "emptyBody" | undefined,
): void {
  const bytes = Buffer.from(fault === "emptyBody" ? "" : body);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  const said = fault === "badJson" ? half : bytes;
  response.writeHead(status, {
    "content-type": "application/json;charset=UTF-8",
    ...headers,
    "content-length": said.length,
  });
  if (fault !== "stalledBody" && fault !== "cutBody") return void response.end(said);
  response.write(half);
  if (fault === "cutBody") message.socket.end();
}

function sendHtml(response: ServerResponse, status: 503 | 504): void {
  const name = status === 503 ? "Service Temporarily Unavailable" : "Gateway Time-out";
  const page = `<html>\r\n<head><title>${status} ${name}</title></head>\r\n<body>\r\n<h1>${status} ${name}</h1>\r\n</body>\r\n</html>\r\n`;
  response.writeHead(status, { "content-type": "text/html", "content-length": Buffer.byteLength(page) });
  response.end(page);
}

function refuse(response: ServerResponse, status: 400 | 405 | 413): void {
  response.writeHead(status, { "content-length": 0, connection: "close" });
  response.end();
}

function reset(message: IncomingMessage): void {
  message.socket.resetAndDestroy();
}
