import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useOwnId } from './own-id.ts';
import * as WORDS from './words.ts';

type Props = { readonly title: string; readonly onClose: () => void; readonly children: ComponentChildren };

/** A dialog over the page while it is drawn. The browser keeps the focus inside, closes on Esc and gives the focus back. */
export function Dialog({ title, onClose, children }: Props): JSX.Element {
  const self = useRef<HTMLDialogElement>(null);
  const titleId = useOwnId();
  useLayoutEffect(() => {
    const dialog = self.current;
    dialog?.showModal();
    // Also when what opened it goes away.
    return () => dialog?.close();
  }, []);
  const close = (): void => self.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it, by the browser
    <dialog
      class="dialog"
      ref={self}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === self.current && close()}
    >
      <div class="dialog-body">
        <div class="card-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="link" onClick={close}>
            {WORDS.close}
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
