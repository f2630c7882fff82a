import type { JSX } from 'preact';
import type { TargetView } from '../src/core/snapshot.ts';
import { Glyph } from './glyph.tsx';
import { vitalOf } from './vital.ts';
import { WORDS } from './words.ts';

/** The host's own figures: a card each, without charts yet. */
export function Vitals({ targets, grey }: { targets: readonly TargetView[]; grey: boolean }): JSX.Element {
  const vitals = targets.filter((target) => target.kind !== 'service').map((target) => vitalOf(target, grey));
  return (
    <section class="vitals" aria-labelledby="vitals-title">
      <h2 class="unseen" id="vitals-title">
        {WORDS.vitals}
      </h2>
      {vitals.length === 0 && <p class="card vital empty">{WORDS.noVitals}</p>}
      {vitals.map(({ id, label, value, of, note, share, look }) => (
        <article class="card vital" key={id}>
          <h3>
            <bdi>{label}</bdi>
          </h3>
          <p class="figure">
            <b>{value}</b> <span class="of">{of}</span>
          </p>
          <p class={look === undefined ? 'note' : `note tone-${look.tone} state`}>
            {look !== undefined && <Glyph look={look} size={14} />}
            <bdi>{note}</bdi>
          </p>
          <Meter share={share} />
        </article>
      ))}
    </section>
  );
}

/** How full, as a low bar; the words above say the same, so it is not read out. */
function Meter({ share }: { share: number | undefined }): JSX.Element {
  return (
    <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      {share !== undefined && <rect class="whole" width="100" height="4" />}
      {share !== undefined && <rect class="part" width={share * 100} height="4" />}
    </svg>
  );
}
