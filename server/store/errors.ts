/** Why the store has no answer. Decided on by code; the text is for people. */
export type StoreErrorCode =
  /** No connection, or it was lost: what is asked again later may succeed. */
  | "DATABASE_DOWN"
  /** The statement ran into its time-out. */
  | "TOO_SLOW"
  /** The database is there and refuses us: its password, role or database is not what DATABASE_URL says. */
  | "REFUSED"
  /** Tables are missing or are not those of this version. */
  | "NOT_MIGRATED"
  /** Anything else that the database said: a defect of ours. */
  | "FAILED";

export class StoreError extends Error {
  override readonly name: string = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What Node and PostgreSQL name an error by. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}

const TEXTS: Readonly<Record<Exclude<StoreErrorCode, "FAILED">, string>> = {
  DATABASE_DOWN: "the database does not answer",
  TOO_SLOW: "the database took too long to answer",
  REFUSED: "the database refuses us: check DATABASE_URL",
  NOT_MIGRATED:
    "the database's tables are not those of this version: start the desk to bring them up to date",
};

/** From whatever pg or Prisma threw. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = classify(codesOf(error));
  return new StoreError(code, code === "FAILED" ? messageOf(error) : TEXTS[code], { cause: error });
}

/** SQLSTATE, Node's errno and Prisma's codes and kinds, of an error and of everything that caused it. */
function codesOf(error: unknown, depth = 0): string[] {
  // Bounded: an error that is its own cause must not hang us.
  if (!(error instanceof Object) || depth > CAUSES_MAX) return [];
  const own = ["code", "originalCode", "kind"].map((key): unknown => Reflect.get(error, key));
  if (error instanceof Error && CODELESS.has(error.message)) own.push(error.message);
  const meta: unknown = Reflect.get(error, "meta");
  const causes: unknown[] = [Reflect.get(error, "cause")];
  if (meta instanceof Object) causes.push(Reflect.get(meta, "driverAdapterError"));
  if (error instanceof AggregateError) causes.push(...(error.errors as unknown[]));
  return [
    ...own.filter((code) => typeof code === "string"),
    ...causes.flatMap((cause) => codesOf(cause, depth + 1)),
  ];
}

const CAUSES_MAX = 5;

/** What pg and its pool say without a code. */
const CODELESS: ReadonlyMap<string, StoreErrorCode> = new Map([
  ["timeout expired", "DATABASE_DOWN"],
  ["timeout exceeded when trying to connect", "DATABASE_DOWN"],
  ["Connection terminated", "DATABASE_DOWN"],
  ["Connection terminated unexpectedly", "DATABASE_DOWN"],
  ["Connection terminated due to connection timeout", "DATABASE_DOWN"],
  ["Client has encountered a connection error and is not queryable", "DATABASE_DOWN"],
  ["Query read timeout", "TOO_SLOW"],
]);

/** The first that matches: a refusal also closes the connection, and is a refusal. */
const CODES: readonly (readonly [StoreErrorCode, RegExp])[] = [
  ["REFUSED", /^(?:28\w{3}|3D000|42501|AuthenticationFailed|DatabaseAccessDenied|DatabaseDoesNotExist)$/],
  ["NOT_MIGRATED", /^(?:42P01|42703|TableDoesNotExist|ColumnNotFound)$/],
  ["TOO_SLOW", /^57014$/],
  ["DATABASE_DOWN", /^(?:08\w{3}|57P0[1-3]|53300)$/],
  ["DATABASE_DOWN", /^(?:ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/],
  ["DATABASE_DOWN", /^(?:DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/],
];

function classify(codes: readonly string[]): StoreErrorCode {
  for (const [code, pattern] of CODES) if (codes.some((found) => pattern.test(found))) return code;
  for (const found of codes) {
    const code = CODELESS.get(found);
    if (code !== undefined) return code;
  }
  return "FAILED";
}
