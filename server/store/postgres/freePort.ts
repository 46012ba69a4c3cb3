import { createServer } from "node:net";
import { UserError } from "../../contract/errors.ts";

/** The preferred port where it is free, else one that the system chooses; on 127.0.0.1. */
export async function freePort(preferred: number): Promise<number> {
  try {
    return await tryPort(preferred);
  } catch {
    return await tryPort(0); // Taken, by whomever: any other is as good.
  }
}

/** This port or none: others hold its address. Throws a UserError where it is taken. */
export async function requirePort(port: number): Promise<number> {
  try {
    return await tryPort(port);
  } catch (cause) {
    throw new UserError(
      `another program has taken the database's port ${port}: end it, or stop the desk and start it again`,
      { cause },
    );
  }
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1" }, () => {
      const address = server.address();
      server.close(() => {
        if (address instanceof Object) resolve(address.port);
        else reject(new Error("no port from the system"));
      });
    });
  });
}
