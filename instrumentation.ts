/** Next calls `register` once per process: there the engine starts. */
export async function register(): Promise<void> {
  // Written like this Next leaves the rest out of its edge bundle.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { hostInWeb } = await import("./server/supervisor/webHost.ts");
    hostInWeb();
  }
}
