import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { FoundCard } from './found-card.tsx';
import { Help } from './help.tsx';
import { IncidentsCard } from './incidents-card.tsx';
import { LiveRegions } from './live-regions.tsx';
import { age, bytes, calendarOf, isOwnZone } from './measure.ts';
import { Notices } from './notices.tsx';
import { OpenIncidents } from './open-incident.tsx';
import type { PageState } from './page-state.ts';
import { Ribbon } from './past/ribbon.tsx';
import { ServicesCard } from './services-card.tsx';
import { tabIcon } from './tab-icon.ts';
import { TopBar } from './top-bar.tsx';
import { useTouched } from './touched.ts';
import { VerdictCard } from './verdict-card.tsx';
import { chipOf, viewOf } from './view.ts';
import { Vitals } from './vitals.tsx';
import * as WORDS from './words.ts';

type Props = { readonly page: PageState; readonly readAgain: () => void; readonly reload: () => void };

/** The whole page, drawn from its state. A new card is one line in here. */
export function App({ page, readAgain, reload }: Props): JSX.Element {
  const { snapshot, history, now } = page;
  const zone = snapshot?.host.tz ?? '';
  const calendar = useMemo(() => calendarOf(zone), [zone]);
  const view = viewOf(page, calendar);
  useTab(view.title, tabIcon(view.look));
  const otherZone = useMemo(
    () => (zone !== '' && !page.first && !isOwnZone(zone) ? zone : undefined),
    [zone, page.first],
  );
  const common =
    snapshot === undefined || page.newer || page.first
      ? undefined
      : { snapshot, history, now, grey: view.grey, calendar };
  const touched = useTouched();
  const open = common?.snapshot.incidents.some((incident) => incident.outcome === 'open') === true;
  const troubled = useRef(open);
  // In trouble the services come first; not while a person has a hand on either.
  if (!touched.now()) troubled.current = open;
  return (
    <>
      {common && (
        <a class="skip" href="#services">
          {WORDS.skip}
        </a>
      )}
      <TopBar host={snapshot?.host.name} chip={chipOf(page, calendar)} zone={otherZone} />
      <main class={view.grey ? 'grey' : ''}>
        {common && (
          <p class="printed">{WORDS.printedAt(`${calendar.moment(common.snapshot.writtenAt, 0)} (${zone})`)}</p>
        )}
        <VerdictCard view={view} now={now} reading={page.reading} readAgain={readAgain} reload={reload}>
          {common && <Ribbon {...common} />}
          {common && <Notices daemon={common.snapshot.daemon} now={now} grey={view.grey} calendar={calendar} />}
          {common && <OpenIncidents {...common} />}
        </VerdictCard>
        {common && (
          <div class="below" {...touched.on}>
            {!troubled.current && <Vitals key="vitals" {...common} />}
            <div class="columns" key="columns">
              <ServicesCard {...common} />
              <div class="side">
                <IncidentsCard {...common} />
                {!common.snapshot.daemon.configured && <FoundCard found={common.snapshot.found} />}
              </div>
            </div>
            {troubled.current && <Vitals key="vitals" {...common} />}
          </div>
        )}
      </main>
      <footer>
        <span>{snapshot !== undefined && footerOf(snapshot, now, view.grey)}</span>
        <Help />
      </footer>
      <LiveRegions
        newsKey={view.newsKey}
        text={`${view.headline}. ${view.detail}`}
        urgent={view.newsKey.startsWith('down ')}
        now={now}
      />
    </>
  );
}

function footerOf(snapshot: NonNullable<PageState['snapshot']>, now: number, grey: boolean): string {
  const { version, startedAt, rssBytes } = snapshot.daemon;
  const looks = snapshot.targets
    .flatMap((target) => target.checks.map((check) => check.everyMs))
    .filter((every) => every >= 1000);
  const every = looks.length === 0 ? snapshot.everyMs : Math.min(...looks);
  return grey
    ? WORDS.footerPast(version, bytes(rssBytes))
    : WORDS.footer(age(every), version, age(now - startedAt), bytes(rssBytes));
}

/** The tab says the verdict in words and in its icon; at once, for a hidden tab paints nothing and has no later. */
function useTab(title: string, icon: string): void {
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  useLayoutEffect(() => {
    document.querySelector('link[rel=icon]')?.setAttribute('href', icon);
  }, [icon]);
}
