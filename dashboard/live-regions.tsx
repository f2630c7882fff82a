import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { firstNews, type News, nextNews } from './news.ts';

type Props = { readonly newsKey: string; readonly text: string; readonly urgent: boolean; readonly now: number };

/** Tells screen readers what changed; out of sight. Both regions exist from the start, or readers would miss the first news. */
export function LiveRegions({ newsKey, text, urgent, now }: Props): JSX.Element {
  const news = useRef<News>(undefined);
  news.current =
    news.current === undefined ? firstNews(newsKey, now) : nextNews(news.current, { key: newsKey, text, urgent }, now);
  return (
    <>
      <div class="unseen" role="status">
        {news.current.polite}
      </div>
      <div class="unseen" role="alert">
        {news.current.urgent}
      </div>
    </>
  );
}
