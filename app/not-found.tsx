import Link from "next/link";

export default function NotFound() {
  return (
    <div className="mx-auto mt-16 flex max-w-xl flex-col gap-3 rounded border bg-panel p-6">
      <h1 className="text-lg font-semibold">There is no such page</h1>
      <p className="text-secondary">
        The pages are in the bar above. The{" "}
        <Link href="/" className="text-quote underline">
          Desk
        </Link>{" "}
        is where to begin.
      </p>
    </div>
  );
}
