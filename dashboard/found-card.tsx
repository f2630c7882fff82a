import type { JSX } from 'preact';
import type { Snapshot } from '../src/core/snapshot.ts';
import { bytes } from './measure.ts';
import * as WORDS from './words.ts';

const SHOWN = 6;

/** What was seen besides the targets: the things a person may want to put under watch. Nothing here is judged. */
export function FoundCard({ found }: { found: Snapshot['found'] | undefined }): JSX.Element | null {
  const listeners = found?.listeners ?? [];
  const folders = found?.logFolders ?? [];
  if (listeners.length + folders.length === 0) return null;
  return (
    <section class="found card" aria-labelledby="found-title">
      <div class="card-head">
        <h2 id="found-title">{WORDS.found}</h2>
        <span class="quiet">{WORDS.foundHint}</span>
      </div>
      <ul class="told">
        {listeners.slice(0, SHOWN).map(({ address, port, command }) => (
          <li key={`${address} ${port}`}>
            <span class="when">{WORDS.port(port)}</span>
            <bdi class="detail">{command === '' ? address : command}</bdi>
          </li>
        ))}
        {folders.slice(0, SHOWN).map(({ path, bytes: size }) => (
          <li key={path}>
            <span class="when">{bytes(size)}</span>
            <bdi class="detail">{path}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
