/** Why a procedure has no result: one list of codes for the pages, each with a sentence for people. */
import { TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server";
import { z } from "zod";
import type { LinkError } from "../link/linkError.ts";
import type { StoreError } from "../store/errors.ts";

export const API_ERRORS = {
  UNAUTHENTICATED: "UNAUTHORIZED",
  FOREIGN_ORIGIN: "FORBIDDEN",
  BAD_INPUT: "BAD_REQUEST",
  NOT_FOUND: "NOT_FOUND",
  /** The engine refused: its own code and words are in the text. */
  REFUSED: "PRECONDITION_FAILED",
  VERSION_CONFLICT: "CONFLICT",
  ENGINE_UNREACHABLE: "SERVICE_UNAVAILABLE",
  /** The command may have been obeyed: look before sending it again. */
  NO_ANSWER: "GATEWAY_TIMEOUT",
  DATABASE_DOWN: "SERVICE_UNAVAILABLE",
  /** Done in memory, and refused by the disk: the text says what a restart would forget. */
  NOT_WRITTEN: "INTERNAL_SERVER_ERROR",
  DEFECT: "INTERNAL_SERVER_ERROR",
} as const satisfies Record<string, TRPC_ERROR_CODE_KEY>;
export type ApiErrorCode = keyof typeof API_ERRORS;

export class ApiError extends TRPCError {
  override readonly name = "ApiError";
  readonly apiCode: ApiErrorCode;

  constructor(apiCode: ApiErrorCode, message: string, cause?: unknown) {
    super({ code: API_ERRORS[apiCode], message, cause });
    this.apiCode = apiCode;
  }
}

/** Of the codes that tRPC itself gives. */
const OWN_CODES: Partial<Record<TRPC_ERROR_CODE_KEY, ApiErrorCode>> = {
  BAD_REQUEST: "BAD_INPUT",
  PARSE_ERROR: "BAD_INPUT",
  UNSUPPORTED_MEDIA_TYPE: "BAD_INPUT",
  PAYLOAD_TOO_LARGE: "BAD_INPUT",
  NOT_FOUND: "NOT_FOUND",
  METHOD_NOT_SUPPORTED: "NOT_FOUND",
};

/** The code that the pages see, whatever was thrown. */
export function apiCodeOf(error: TRPCError): ApiErrorCode {
  return error instanceof ApiError ? error.apiCode : (OWN_CODES[error.code] ?? "DEFECT");
}

/** What engine, database and input are expected to say as what it is; anything else is a defect of ours. */
export function toApiError(error: TRPCError): ApiError {
  if (error instanceof ApiError) return error;
  const { cause } = error;
  if (isLinkError(cause)) return fromLink(cause);
  if (isStoreError(cause) && cause.code !== "FAILED")
    return new ApiError("DATABASE_DOWN", `${cause.message}; trading goes on, the past is shown later`, cause);
  const code = apiCodeOf(error);
  if (code === "BAD_INPUT" && cause instanceof z.ZodError)
    return new ApiError(code, z.prettifyError(cause).replace(/\s*\n\s*/g, " "), cause);
  return new ApiError(code, code === "DEFECT" ? DEFECT_TEXT : error.message, error);
}

export const DEFECT_TEXT = "the web server failed at this: its log says why";

function fromLink(error: LinkError): ApiError {
  const { code, message } = error;
  switch (code) {
    case "NOT_CONNECTED":
    case "OVERLOADED":
      return new ApiError("ENGINE_UNREACHABLE", `the engine cannot be reached: ${message}`, error);
    case "TIMED_OUT":
    case "CLOSED":
      return new ApiError("NO_ANSWER", `the engine did not answer: ${message}`, error);
    case "REFUSED":
      return new ApiError("REFUSED", message, error);
  }
}

// By name: link and store live as long as the process, and a page that is rebuilt in development has classes of its own.
function isLinkError(error: unknown): error is LinkError {
  return error instanceof Error && error.name === "LinkError" && "code" in error;
}

export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.name === "StoreError" && "code" in error;
}
