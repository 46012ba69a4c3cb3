/**
 * A soak that ends whatever fails: with what its work comes to, or with an error once its time is over or something
 * that nobody waited for has failed. Work that is left behind goes on; whoever started it ends it.
 */
export async function endWithin<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  let abandon = (_: Error): void => undefined;
  const over = new Promise<never>((_, reject) => (abandon = reject));
  const timer = setTimeout(
    () => abandon(new Error(`it has not ended within ${Math.round(limitMs / 60_000)} minutes`)),
    limitMs,
  );
  // A rejection that nobody handles comes here as well.
  const onFailure = (error: Error): void => abandon(error);
  process.on("uncaughtException", onFailure);
  try {
    return await Promise.race([work(), over]);
  } finally {
    clearTimeout(timer);
    process.off("uncaughtException", onFailure);
  }
}
