/** Streams that are each in order of receive time, as one. At equal times the earlier stream goes first. */
export function* mergeByTime<T extends { readonly receivedAtUs: number }>(
  streams: readonly Iterable<T>[],
): Generator<T> {
  const heads = streams.flatMap((stream) => {
    const iterator = stream[Symbol.iterator]();
    const first = iterator.next();
    return first.done === true ? [] : [{ iterator, value: first.value }];
  });
  while (heads.length > 0) {
    let at = 0;
    for (let other = 1; other < heads.length; other++)
      if ((heads[other]?.value.receivedAtUs ?? 0) < (heads[at]?.value.receivedAtUs ?? 0)) at = other;
    const head = heads[at];
    if (head === undefined) return;
    yield head.value;
    const next = head.iterator.next();
    if (next.done === true) heads.splice(at, 1);
    else head.value = next.value;
  }
}
