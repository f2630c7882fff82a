import { useLayoutEffect, useState } from 'preact/hooks';

/** As in style/narrow.css. */
const PHONE = '(max-width: 639px)';

/** Whether this is a phone's width; follows the window. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(PHONE).matches);
  useLayoutEffect(() => {
    const query = matchMedia(PHONE);
    const follow = (): void => setNarrow(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return narrow;
}
