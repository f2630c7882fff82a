/** Every sentence and label of the page that does not come from the snapshot (DASHBOARD.md §9 and §11). */
export const WORDS = {
  product: 'jarvis-health',
  skip: 'Skip to services',
  fromFile: 'From file',
  old: (age: string) => `${age} old`,
  expected: (every: string) => `, expected every ${every}`,
  noFile: 'no data',
  otherZone: (zone: string) => `Times are local to the host (${zone}).`,
  theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },

  staleHeadline: (age: string) => `Data is ${age} old`,
  staleDetail: (time: string) =>
    `The health daemon is not running. Below is how things were at ${time}, not how they are now.`,
  wakingHeadline: 'Waiting for new data',
  wakingDetail: (age: string, time: string) =>
    `This computer seems to have slept. The data is ${age} old: below is how things were at ${time}.`,
  stoppedHeadline: 'Health daemon is stopped',
  stoppedDetail: (time: string, reason: string | undefined) => {
    if (reason === undefined || reason === '') return `Stopped at ${time}. Nothing is being watched.`;
    const why = /^by /.test(reason) ? ` ${reason}` : `: ${reason}`;
    return `Stopped at ${time}${why.replace(/\.$/, '')}. Nothing is being watched.`;
  },
  aheadHeadline: 'Clock problem',
  aheadDetail: (age: string) => `The data is dated ${age} in the future. Ages cannot be trusted.`,
  newerHeadline: 'Reload this page',
  newerDetail: 'The daemon is newer than this page.',
  noneHeadline: 'No data',
  noneDetail: 'jarvis-health has not written anything here yet.',
  readingHeadline: 'Reading the data',
  readingDetail: 'The data file beside this page is being read.',
  unreadable: (time: string) => `This browser cannot read the data file beside this page. This copy is from ${time}.`,
  noScriptHeadline: 'This page needs JavaScript',
  noScriptDetail: 'The plain summary is in health.txt beside it.',
  brokenHeadline: 'This page hit an error',
  brokenDetail: 'Showing the plain list instead.',

  readAgain: 'Read again',
  reading: 'Reading…',
  readNothing: 'Read again. There is nothing newer.',
  reload: 'Reload',
  toStart: 'To start it:',
  startHelp: 'If it is running, check that it can write to its folder.',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Failed',

  services: 'Services',
  problemsFirst: 'problems first',
  reply: 'Reply',
  noServices: 'None yet. What you put under “services” in config.yaml shows here.',
  vitals: 'This host',
  noVitals: 'Disk and memory show here after the first look.',
  noDataYet: 'no data yet',
  inFiles: (count: number) => `in ${count} ${count === 1 ? 'file' : 'files'}`,
  largestLog: (size: string) => `the largest has ${size}`,
  incidents: 'Recent incidents',
  noIncidents: 'None recorded. When something breaks, it shows here with its cause and how it was fixed.',
  incidentCount: (total: number, open: number) => `${total} recorded, ${open === 0 ? 'all closed' : `${open} open`}`,
  wasOpen: 'Was open',
  outcomes: { open: 'Open', 'auto-fixed': 'Auto-fixed', 'went-away': 'Went away', 'needed-you': 'Needed you' },
  since: (time: string) => `since ${time}`,

  happening: 'What is happening',
  wasHappening: 'What was happening',
  earlierSteps: (count: number) => `Show ${count} more ${count === 1 ? 'step' : 'steps'}`,
  alsoOpen: (count: number) => `Also open: ${count}`,
  facts: 'Facts',
  factCause: 'Likely cause',
  factTried: 'Attempts this hour',
  factTriedValue: (count: number, most: number) => `${count} of ${most}`,
  factNext: 'Next attempt',
  factPlan: 'Recovery would',
  factHold: 'Waits because',
  factLast: 'Last time',
  factLastValue: (when: string, outcome: string, took: string) => `${when}, ${outcome} in ${took}`,
  factNothing: 'Acts on nothing',

  rowChecks: 'Checks',
  rowDepends: 'Depends on',
  rowProcess: 'Process',
  rowRulings: 'Why',
  neverLooked: 'not looked at yet',

  found: 'Also found on this host',
  foundHint: 'Shown, not watched.',
  port: (port: number) => `port ${port}`,
  observing: 'Watching only: recovery is switched off.',
  unconfigured: 'No config.yaml yet: everything found is watched, and nothing is acted on.',
  configTrouble: (trouble: string) => `The config file has a mistake, the last good one is in force. ${trouble}`,
  footer: (every: string, version: string, up: string, size: string) =>
    `Checks every ${every}. Daemon ${version}, up ${up}, ${size}`,
  footerPast: (version: string, size: string) => `Daemon ${version}, used ${size}`,
  printedAt: (time: string) => `Data of ${time}`,
} as const;

/** Details come in the present tense; what is no longer known to be so is told in the past. */
export function inThePast(detail: string): string {
  const past: readonly (readonly [RegExp, string])[] = [
    [/\banswers\b/g, 'answered'],
    [/\bis\b/g, 'was'],
    [/\bare\b/g, 'were'],
    [/\bhas\b/g, 'had'],
    [/\bruns\b/g, 'ran'],
    [/\bpass\b/g, 'passed'],
    [/\bdoes not\b/g, 'did not'],
    [/\bdo not\b/g, 'did not'],
    [/\bwaits\b/g, 'waited'],
    [/^listens\b/g, 'listened'],
  ];
  return past.reduce((text, [now, then]) => text.replace(now, then), detail);
}
