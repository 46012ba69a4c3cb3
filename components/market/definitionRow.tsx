import type { ReactNode } from "react";

/** One line of a definition list: a name, and what it is at the moment. */
export function DefinitionRow({
  name,
  title,
  children,
}: {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <>
      <dt className="text-secondary" title={title}>
        {name}
      </dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** What stands beside a value and matters less. */
export function Quiet({ children }: { readonly children: ReactNode }) {
  return <span className="ml-2 text-secondary">{children}</span>;
}
