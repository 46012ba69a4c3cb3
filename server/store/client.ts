/** The store as the API reads it: Prisma over pg. Whatever the database says against it comes as StoreError. */
import { PrismaPg } from "@prisma/adapter-pg";
import { toStoreError } from "./errors.ts";
import { PrismaClient } from "./generated/client.ts";

export type Store = ReturnType<typeof openStore>;

/** Readers of one web process; the recorder has a connection of its own, and PostgreSQL allows 50. */
const CONNECTIONS_MAX = 5;
/** A page that waits longer than this says that the database is down. */
const CONNECT_TIMEOUT_MS = 3_000;
/** Every query here is bounded by a limit and an index; what runs longer is a defect or a stuck disk. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** For a server that takes the statement and says nothing more: later than its own time-out. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1_000;

/** Connects when it is first asked. */
export function openStore(url: string) {
  const adapter = new PrismaPg(
    {
      connectionString: url,
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      application_name: "crossdesk-web",
    },
    // A connection that breaks while idle: the next question opens another, or says why not.
    { onPoolError: () => undefined, onConnectionError: () => undefined },
  );
  return new PrismaClient({ adapter, errorFormat: "minimal" }).$extends({
    query: {
      $allOperations: async ({ args, query }) => {
        try {
          return await query(args);
        } catch (error) {
          throw toStoreError(error);
        }
      },
    },
  });
}
