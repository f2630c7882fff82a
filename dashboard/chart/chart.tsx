import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Calendar } from '../measure.ts';
import * as WORDS from '../words.ts';
import { xOf, yOf } from './geometry.ts';
import { BOX, drawn, nearest, type Plot } from './plot.ts';
import { useReader } from './reader.ts';

type Props = {
  readonly plot: Plot;
  readonly calendar: Calendar;
  /** The words at both ends of the time axis. */
  readonly ends: readonly [string, string];
};

/** One line over time, with a reader that shows time and value. Text is HTML around the drawing, so that it never stretches. */
export function Chart({ plot, calendar, ends }: Props): JSX.Element {
  const { frame, line, area } = useMemo(() => drawn(plot), [plot]);
  const { points, limit, outages, label, to } = plot;
  const { place, on } = useReader(Math.max(1, points.length), (share) => nearest(plot, share));
  const said = (index: number): string => {
    const point = points[index];
    if (point === undefined) return WORDS.noDataYet;
    return `${calendar.moment(point.at, to)}, ${point.value === null ? WORDS.noDataThen : plot.say(point.value)}`;
  };
  const read = place === undefined ? undefined : points[place];
  const last = points.findLast((point) => point.value !== null);
  const shown = read ?? last;
  return (
    <figure class="chart">
      <div
        class="plot"
        role="slider"
        tabIndex={0}
        aria-readonly="true"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, points.length - 1)}
        aria-valuenow={place ?? Math.max(0, points.length - 1)}
        aria-valuetext={said(place ?? points.length - 1)}
        {...on}
      >
        <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden="true">
          {outages.map((outage) => {
            const x = xOf(outage.from, frame);
            return (
              <g key={outage.from}>
                <rect class="outage" x={x} width={Math.max(1, xOf(outage.to, frame) - x)} height={BOX.height} />
                <path class="outage-edge" d={`M${x} 0V${BOX.height}`} />
              </g>
            );
          })}
          <path class="chart-area" d={area} />
          <path class="chart-floor" d={`M0 ${BOX.height}H${BOX.width}`} />
          {limit !== undefined && <path class="chart-limit" d={`M0 ${yOf(limit.value, frame)}H${BOX.width}`} />}
          <path class="chart-line" d={line} />
          {read !== undefined && <path class="chart-reader" d={`M${xOf(read.at, frame)} 0V${BOX.height}`} />}
          {shown?.value != null && (
            <path class="chart-dot" d={`M${xOf(shown.at, frame)} ${yOf(shown.value, frame)}h0`} />
          )}
        </svg>
        {limit !== undefined && (
          <span class="limit-word" style={{ top: `${(yOf(limit.value, frame) / BOX.height) * 100}%` }}>
            {limit.word}
          </span>
        )}
        {read !== undefined && place !== undefined && (
          <Reading share={xOf(read.at, frame) / BOX.width}>{said(place)}</Reading>
        )}
      </div>
      <figcaption class="axis">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </figcaption>
    </figure>
  );
}

/** What the reader says, above its place and never outside the drawing. The slider says it too, so it is not read twice. */
export function Reading({ share, children }: { share: number; children: string }): JSX.Element {
  const percent = Math.round(share * 1000) / 10;
  return (
    <span class="reading" aria-hidden="true" style={{ left: `${percent}%`, transform: `translateX(-${percent}%)` }}>
      {children}
    </span>
  );
}
