import { HELP_SECTIONS } from "../../components/help/sections.ts";
import { GUIDES, PAGES, type Guide, type HelpTable } from "../../server/contract/help.ts";

export const metadata = { title: "Help" };

/** Every state, code and parameter, from the same source as the engine's own words. */
export default function HelpPage() {
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-1 gap-4 lg:grid-cols-[14rem_minmax(0,1fr)]">
      <nav aria-label="Sections" className="top-16 self-start lg:sticky">
        <h1 className="px-2 pb-2 text-lg font-semibold">Help</h1>
        <ul className="flex flex-wrap gap-x-1 lg:flex-col">
          {HELP_SECTIONS.map(({ id, title }) => (
            <li key={id}>
              <a
                href={`#${id}`}
                className="block rounded px-2 py-1 text-sm text-secondary hover:bg-line/50 hover:text-ink"
              >
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex min-w-0 flex-col gap-4">
        <Stops />
        <Guides id="guides" title="What to do when" guides={GUIDES} />
        <Guides id="pages" title="Pages" guides={PAGES} />
        {HELP_SECTIONS.map((section) => (
          <Section key={section.id} section={section} />
        ))}
      </div>
    </div>
  );
}

function Stops() {
  return (
    <section aria-labelledby="stop-title" className="rounded border bg-panel p-4">
      <h2 id="stop-title" className="text-lg font-semibold">
        The stop
      </h2>
      <p className="mt-1 max-w-[75ch] text-secondary">
        Hold STOP for 600 ms, or press Ctrl (⌘) and the full stop twice within a second, on any page. The
        latch is written to disk first; then every order is cancelled, every venue is asked until nothing is
        left (cleared), and the requests on the way are waited out (sealed). The receipt shows each step per
        venue and stays until you close it. Positions stay as they are. Nothing arms itself again: arming
        needs a person and a reason.
      </p>
      <p className="mt-2 max-w-[75ch] text-secondary">
        When this page does not answer, run <code className="font-mono text-ink">npm run desk -- kill</code>{" "}
        in a terminal.
      </p>
    </section>
  );
}

function Guides(props: { readonly id: string; readonly title: string; readonly guides: readonly Guide[] }) {
  const { id, title, guides } = props;
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="scroll-mt-16 rounded border bg-panel p-4">
      <h2 id={`${id}-title`} className="text-lg font-semibold">
        {title}
      </h2>
      <dl className="mt-2 flex flex-col gap-3">
        {guides.map((guide) => (
          <div key={guide.title}>
            <dt className="font-semibold">{guide.title}</dt>
            <dd className="max-w-[75ch] text-secondary">{guide.text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Section({ section }: { readonly section: HelpTable }) {
  const { id, title, lead, columns, rows } = section;
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="scroll-mt-16 rounded border bg-panel">
      <header className="border-b px-4 py-3">
        <h2 id={`${id}-title`} className="text-lg font-semibold">
          {title}
        </h2>
        <p className="text-sm text-secondary">{lead}</p>
      </header>
      <div tabIndex={0} role="group" aria-label={title} className="overflow-x-auto">
        <table className="w-full text-left text-sm">
          <thead className="text-secondary">
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className="px-4 py-1.5 font-medium">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ code, text, more }) => (
              <tr
                key={code}
                id={`${id}-${code}`}
                className="scroll-mt-16 border-t align-baseline target:bg-line/50"
              >
                <th scope="row" className="px-4 py-1.5 font-mono font-normal whitespace-nowrap">
                  {code}
                </th>
                <td className="px-4 py-1.5">{text}</td>
                {columns.length > 2 && <td className="px-4 py-1.5 text-secondary">{more}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
