import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CopyButton } from './copy-button.tsx';
import { Glyph, Icon } from './glyph.tsx';
import { duration } from './measure.ts';
import type { View } from './view.ts';
import * as WORDS from './words.ts';

type Props = {
  readonly view: View;
  readonly now: number;
  readonly reading: boolean;
  readonly readAgain: () => void;
  readonly reload: () => void;
  readonly children?: ComponentChildren;
};

/** The answer: is it well? What is below it in the card is the open incident. */
export function VerdictCard({ view, now, reading, readAgain, reload, children }: Props): JSX.Element {
  const card = useRef<HTMLElement>(null);
  const away = useScrolledAway(card);
  return (
    <>
      <div class={`sticky tone-${view.look.tone}`} hidden={!away} aria-hidden="true">
        <Glyph look={view.look} size={20} />
        <span>{view.headline}</span>
      </div>
      <section class={`verdict card tone-${view.look.tone}`} ref={card} aria-labelledby="verdict">
        <div class="verdict-row">
          <Glyph look={view.look} size={48} />
          <div class="verdict-words">
            <h1 id="verdict">
              {view.headline}
              {view.runningSince !== undefined && <span class="running"> {duration(now - view.runningSince)}</span>}
            </h1>
            <p class="second">{view.detail}</p>
          </div>
          <div class="buttons">
            {view.button === 'read-again' && (
              <button
                type="button"
                class="button main"
                aria-disabled={reading}
                onClick={reading ? undefined : readAgain}
              >
                <Icon name="again" />
                <span class="steady-label" data-longest={WORDS.readAgain}>
                  {reading ? WORDS.reading : WORDS.readAgain}
                </span>
              </button>
            )}
            {view.button === 'reload' && (
              <button type="button" class="button main" onClick={reload}>
                <Icon name="again" />
                {WORDS.reload}
              </button>
            )}
          </div>
        </div>
        {view.command !== undefined && view.command !== '' && (
          <StartCommand command={view.command} mayRun={view.mayRun} />
        )}
        {children}
      </section>
    </>
  );
}

function StartCommand({ command, mayRun }: { command: string; mayRun: boolean }): JSX.Element {
  return (
    <div class="start">
      <div class="start-row">
        <span class="start-label">{WORDS.toStart}</span>
        <code>{command}</code>
        <CopyButton text={command} />
      </div>
      {mayRun && <p class="small">{WORDS.startHelp}</p>}
    </div>
  );
}

/** True once the card has left the top of the window. */
function useScrolledAway(card: { readonly current: HTMLElement | null }): boolean {
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (card.current === null) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry !== undefined) setAway(!entry.isIntersecting && entry.boundingClientRect.bottom < 0);
    });
    observer.observe(card.current);
    return () => observer.disconnect();
  }, [card]);
  return away;
}
