import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './glyph.tsx';
import * as WORDS from './words.ts';

const SAID = { copy: WORDS.copy, copied: WORDS.copied, failed: WORDS.copyFailed } as const;
type Said = keyof typeof SAID;

/** Copies a command. Where the browser refuses, it says so and the text can be selected by hand. */
export function CopyButton({ text }: { text: string }): JSX.Element {
  const [said, setSaid] = useState<Said>('copy');
  useEffect(() => {
    if (said === 'copy') return;
    const timer = setTimeout(() => setSaid('copy'), 3000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => setSaid((await copied(text)) ? 'copied' : 'failed');
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      <Icon name="copy" />
      <span class="steady-label" data-longest={WORDS.copied} aria-live="polite">
        {SAID[said]}
      </span>
    </button>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not every browser counts a file as a safe place; the old way works from a click.
    const area = document.createElement('textarea');
    area.value = text;
    area.setAttribute('readonly', '');
    area.className = 'off-screen';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
