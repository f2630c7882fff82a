import type { JSX } from 'preact';
import * as WORDS from './words.ts';

/**
 * The last resort when drawing fails: a plain list that asks next to nothing of its input,
 * for that input may be why the drawing failed.
 */
export function Plain({ snapshot, error }: { snapshot: unknown; error: unknown }): JSX.Element {
  const held = recordOf(snapshot);
  const targets = Array.isArray(held['targets']) ? held['targets'].map(recordOf) : [];
  const writtenAt = held['writtenAt'];
  return (
    <main class="plain card">
      <h1>{WORDS.brokenHeadline}</h1>
      <p>{WORDS.brokenDetail}</p>
      <pre>{error instanceof Error ? error.message : String(error)}</pre>
      {typeof writtenAt === 'number' && (
        <p>
          {WORDS.printedAt(
            new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(writtenAt),
          )}
        </p>
      )}
      <ul>
        {targets.map(({ id, state, detail }) => (
          <li>{[id, state, detail].filter((part) => typeof part === 'string').join(' · ')}</li>
        ))}
      </ul>
    </main>
  );
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
