/*
 * How often something is started. Whoever comes back within the hour looks after something; what comes once a night is
 * mostly somebody's wish: a backup, an update, a restart before the day begins.
 */

const HOUR_S = 3_600;
const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60 };

/** By the text of a timer (systemd.timer(5)). */
export function isTimerOften(text: string): boolean {
  return text.split('\n').some((line) => {
    const [, key = '', value = ''] = /^\s*(On\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === 'OnCalendar') return /^minutely$|(^|\s)\*:(\*|\*\/\d+|\d+\/\d+|\d+(,\d+)+)(:|$)/.test(value);
    if (key !== 'OnUnitActiveSec' && key !== 'OnUnitInactiveSec') return false;
    const [, amount, unit = ''] = /^(\d+)\s*([a-z]*?)s?$/.exec(value === '' ? 'x' : value) ?? [];
    const seconds = SECONDS[unit];
    return amount !== undefined && seconds !== undefined && Number(amount) * seconds < HOUR_S;
  });
}

/** By the schedule at the beginning of a line of a crontab (crontab(5)). */
export function isCronOften(line: string): boolean {
  const [minute = '', hour = ''] = line.trim().split(/\s+/);
  return (hour === '*' || hour === '*/1') && /^\*|[-,/]/.test(minute);
}

/** A line of a crontab without its schedule; that of a host begins with a user then. */
export function cronCommand(line: string): string {
  return line.trim().replace(/^(@\w+|\S+(\s+\S+){4})\s+/, '');
}

export function isAtBoot(line: string): boolean {
  return /^\s*@reboot\b/.test(line);
}

/** By the text of a plist (launchd.plist(5)). */
export function isJobOften(text: string): boolean {
  const seconds = /<key>StartInterval<\/key>\s*<integer>(\d+)<\/integer>/.exec(text)?.[1];
  return seconds !== undefined && Number(seconds) < HOUR_S;
}
