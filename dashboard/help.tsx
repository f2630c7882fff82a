import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { rememberSingleKeys, singleKeysOn } from './remembered.ts';
import * as WORDS from './words.ts';

/** The footer's button, and what the keys do. */
export function Help(): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="help-button" data-key="?" aria-keyshortcuts="?" onClick={() => setOpen(true)}>
        <kbd>?</kbd> {WORDS.allKeys}
      </button>
      {open && (
        <Dialog title={WORDS.keysTitle} onClose={() => setOpen(false)}>
          <Keys />
        </Dialog>
      )}
    </>
  );
}

function Keys(): JSX.Element {
  const [on, setOn] = useState(singleKeysOn);
  const turn = (): void => {
    rememberSingleKeys(!on);
    setOn(!on);
  };
  return (
    <>
      <dl class="keys">
        {WORDS.keys.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input type="checkbox" role="switch" aria-checked={on} checked={on} onChange={turn} /> {WORDS.singleKeys}
      </label>
      <p class="small">{WORDS.helpHint}</p>
    </>
  );
}
